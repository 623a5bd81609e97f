# %% [markdown]
# # From a 4CAT file to a page, a graph and a bundle
#
# [4CAT](https://github.com/digitalmethodsinitiative/4cat) exports a CSV with its own column names.
# The posts here are made up; the columns are those of 4CAT.

# %%
import csv

import disinfo
from disinfo.simulation import Campaign, simulate

world = simulate(
    n_posts=1200, days=14, campaigns=(Campaign(kind="reworded", n_accounts=12, n_waves=14),), seed=4
)
exported = world.posts.rename(
    columns={"post_id": "id", "account_id": "author", "text": "body", "created_at": "timestamp"}
).assign(thread_id="")
exported["timestamp"] = exported["timestamp"].dt.strftime("%Y-%m-%d %H:%M:%S")
exported[["id", "thread_id", "timestamp", "body", "author"]].to_csv(
    "4cat.csv", index=False, quoting=csv.QUOTE_ALL
)

# %%
posts = disinfo.read_posts("4cat.csv")
posts

# %% [markdown]
# What was left out, and why? Read this before anything else.

# %%
posts.dropped

# %%
result = disinfo.detect(posts, progress=False)
result

# %% [markdown]
# The narratives, and which of them a campaign pushes.

# %%
result.plot.map()

# %%
result.plot.stream()

# %% [markdown]
# A page without names for an editor, a graph for Gephi, tables for a spreadsheet, a bundle for a
# platform. The bundle holds only what is called "likely inauthentic".

# %%
import json

result.report("report.html", redact=True)
result.export("network.gexf", to="gexf")
result.export("tables", to="csv", redact=True)
bundle = json.loads(result.export("bundle.json", to="stix").read_text())
sorted({one["type"] for one in bundle["objects"]})

# %% [markdown]
# The same from a shell:
#
# ```sh
# disinfo detect 4cat.csv --out out/
# disinfo report out/ --redact
# disinfo export out/ --to gexf
# ```
