"""How the documentation site is built: `make docs`. Every output is executed then, every warning is an error."""

from __future__ import annotations

import hashlib
import os
import sys
from pathlib import Path

from jupyter_cache import get_cache

DOCS = Path(__file__).parent
ROOT = DOCS.parent
sys.path.insert(0, str(DOCS / "_ext"))


def executed_code() -> str:
    """Hash of what the pages execute besides their own cells; a change of the package runs every page again."""
    digest = hashlib.sha256()
    helpers = [DOCS / "_ext" / name for name in ("changes.py", "command.py", "intext.py", "schemas.py")]
    sources = [ROOT / "src", ROOT / "examples", ROOT / "requirements.lock", DOCS / "reference" / "diffs", *helpers]
    sources.append(DOCS / "conf.py")  # how kernels draw
    for source in sources:
        files = [source] if source.is_file() else sorted(p for p in source.rglob("*") if p.is_file())
        for file in files:
            if "__pycache__" not in file.parts:
                digest.update(str(file.relative_to(ROOT)).encode() + file.read_bytes())
    return digest.hexdigest()[:16]


# Pictures of pages are drawn as SVG, sharp at any width; that a kernel on loopback is not encrypted is no news.
KERNEL = DOCS / "_build" / "kernel"
(KERNEL / "profile_default").mkdir(parents=True, exist_ok=True)
(KERNEL / "profile_default" / "ipython_kernel_config.py").write_text(
    'c.InlineBackend.figure_formats = {"svg"}\nc.HistoryManager.enabled = False\nc.IPKernelApp.log_level = "ERROR"\n',
    encoding="utf-8",
)
os.environ["IPYTHONDIR"] = str(KERNEL)

# Kernels are processes of their own: what they need from the build goes through the environment.
os.environ["PYTHONPATH"] = os.pathsep.join(
    filter(None, [str(ROOT / "src"), str(DOCS / "_ext"), os.environ.get("PYTHONPATH")])
)
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ["MPLBACKEND"] = "module://matplotlib_inline.backend_inline"  # whatever the caller draws with
os.environ["EINSELECT_DOCS_ROOT"] = str(ROOT)
os.environ["PATH"] = str(Path(sys.executable).parent) + os.pathsep + os.environ["PATH"]
sys.path.insert(0, str(ROOT / "src"))

from api_pages import public_names  # noqa: E402  (the folders are on the path only now)

from einselect import __version__  # noqa: E402

project = "einselect"
author = "the einselect developers"
copyright = author
version = release = __version__
language = "en"

extensions = [
    "myst_nb",
    "numpydoc",
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "sphinx_copybutton",
    "sphinx_design",
    "api_pages",
    "mathml",
    "gallery",
    "benchmarks",
    "program",
]
exclude_patterns = ["_build", "_ext", "**/.ipynb_checkpoints"]
suppress_warnings = ["mystnb.mime_priority"]

# --- pages that execute ------------------------------------------------------------------------------------------

nb_execution_mode = "cache"
nb_execution_cache_path = str(DOCS / "_build" / "executed" / executed_code())
# Made before the build divides: its processes would each make the tables at once, and all but one fail.
get_cache(nb_execution_cache_path).db  # noqa: B018
nb_execution_raise_on_error = True
nb_execution_timeout = 120
nb_execution_show_tb = True
nb_merge_streams = True
myst_enable_extensions = ["amsmath", "colon_fence", "deflist", "dollarmath", "fieldlist"]
myst_heading_anchors = 3
myst_dmath_double_inline = True

# --- the reference -----------------------------------------------------------------------------------------------

autodoc_typehints = "none"  # the types are in the text of the docstrings, in words
autodoc_member_order = "bysource"
autodoc_class_signature = "mixed"
autosummary_generate = False
default_role = "name"
numpydoc_show_class_members = False
numpydoc_xref_param_type = True
numpydoc_xref_aliases = {name: path for name, path in public_names().items() if "." not in name}
numpydoc_xref_ignore = "all"

# --- links -------------------------------------------------------------------------------------------------------

nitpicky = True
# The inventories of other projects are on other hosts; a build needs no network. Our own names must all resolve.
nitpick_ignore_regex = [(r"py:.*", r"(?!einselect\b).*")]

# --- appearance: nothing is asked of another host ------------------------------------------------------------------

html_theme = "pydata_sphinx_theme"
html_title = "einselect"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_show_sourcelink = False
html_copy_source = False
html_theme_options = {
    "navbar_end": ["theme-switcher"],
    "navbar_persistent": ["search-button"],
    "navbar_align": "left",
    "header_links_before_dropdown": 8,
    "secondary_sidebar_items": ["page-toc"],
    "footer_start": ["copyright"],
    "footer_end": [],
    "show_prev_next": True,
    "navigation_with_keys": False,
    "show_toc_level": 2,
}
pygments_style = "default"
copybutton_prompt_text = r">>> |\.\.\. |\$ |In \[\d*\]: "
copybutton_prompt_is_regexp = True
