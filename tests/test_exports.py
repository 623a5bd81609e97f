"""The public surface: few names, pinned, and cheap to import."""

import subprocess
import sys

import disinfo

PUBLIC = [
    "DisinfoError", "Pipeline", "Posts", "Result", "detect", "embed", "load", "match_claims",
    "read_posts", "simulate",
]  # fmt: skip


def _assert_runs(code):
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_public_names_are_pinned():
    assert disinfo.__all__ == PUBLIC
    assert len(PUBLIC) <= 15
    for name in PUBLIC:
        assert callable(getattr(disinfo, name))


def test_public_functions_stay_functions_after_their_modules_are_loaded():
    code = (
        "import disinfo, disinfo.run, disinfo.simulation, disinfo.embedding\n"
        "assert all(callable(getattr(disinfo, name)) for name in disinfo.__all__)\n"
        "assert disinfo.simulate.__name__ == 'simulate' and disinfo.detect.__name__ == 'detect'\n"
    )
    _assert_runs(code)


def test_import_is_cheap():
    code = (
        "import time, sys\n"
        "begin = time.process_time()\n"
        "import disinfo\n"
        "used = time.process_time() - begin\n"
        "heavy = {'torch', 'duckdb', 'sentence_transformers', 'sklearn', 'pandas', 'numpy'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)\n"
        "assert used < 0.3, used\n"
    )
    _assert_runs(code)


def test_detect_on_behaviour_loads_no_model():
    code = (
        "import sys, disinfo\n"
        "rows = [dict(account_id=a, created_at='2025-05-01T00:00:0%d' % i, object_id='x')\n"
        "        for i, a in enumerate('abc')]\n"
        "result = disinfo.detect(rows)\n"
        "assert len(result.posts) == 3\n"
        "assert 'torch' not in sys.modules and 'onnxruntime' not in sys.modules\n"
    )
    _assert_runs(code)
