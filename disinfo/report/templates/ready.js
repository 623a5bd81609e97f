root.dataset.ready = "true";
