"""Static files: which files of the npm packages are served, how names carry their content's hash, what a module imports."""

import posixpath
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.contrib.staticfiles.utils import matches_patterns
from django.core.files.storage import FileSystemStorage
from whitenoise.storage import CompressedManifestStaticFilesStorage

# Served folder -> folder in node_modules, and the files that pages use. The packages hold a hundred times more.
VENDOR: dict[str, tuple[str, tuple[str, ...]]] = {
    "vendor/tabler": ("@tabler/core/dist", ("css/tabler.min.css",)),
    "vendor/htmx": ("htmx.org/dist", ("htmx.min.js",)),
    "vendor/echarts": ("echarts/dist", ("echarts.common.min.js",)),
    "vendor/idb": ("idb/build", ("umd.js",)),
}


class VendorFinder(BaseFinder):
    """Finds the files of VENDOR in ``node_modules``."""

    def __init__(self, app_names: Any = None, *args: Any, **kwargs: Any) -> None:
        self.modules: Path = settings.NODE_MODULES

    def check(self, **_kwargs: Any) -> list[Any]:
        """Nothing to check before npm has run."""
        return []

    def files(self) -> Iterator[tuple[str, Path]]:
        """Served name and place of every file of VENDOR, also of those that are not there."""
        for prefix, (folder, names) in VENDOR.items():
            for name in names:
                yield f"{prefix}/{name}", self.modules / folder / name

    def find(self, path: str, find_all: bool = False, **_kwargs: Any) -> Any:
        """Absolute path of one static file; a list of them when all are asked for."""
        found = [str(file) for name, file in self.files() if name == path and file.is_file()]
        if find_all:
            return found
        return found[0] if found else []

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterable[Any]:
        """Every file with the storage that holds it."""
        for prefix, (folder, names) in VENDOR.items():
            storage = FileSystemStorage(location=self.modules / folder)
            storage.prefix = prefix  # type: ignore[attr-defined]  # how collectstatic learns of the folder
            for name in names:
                if not matches_patterns(name, list(ignore_patterns or [])) and storage.exists(name):
                    yield name, storage


# A static import or a re-export of a neighbour, as our modules and the linter's rules for them write it.
_IMPORT = re.compile(r"""^(?:import\s*|(?:import|export)\b[^"'=(;]*\bfrom\s*)["'](\.[^"']+)["']""", re.MULTILINE)


class HashedStatics(CompressedManifestStaticFilesStorage):
    """Hashed names and gzip copies. References to source maps are left alone: the maps are not served."""

    support_js_module_import_aggregation = True
    patterns = tuple(
        (glob, tuple(pattern for pattern in patterns if "sourceMappingURL" not in str(pattern)))
        for glob, patterns in CompressedManifestStaticFilesStorage.patterns
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._told: dict[str, str] = {}

    def url(self, name: str, force: bool = False) -> str:
        """As Django's own, which takes an address apart and puts it together again: a page has twenty, always the same."""
        if name not in self._told:
            self._told[name] = super().url(name, force)
        return self._told[name]

    def save_manifest(self) -> None:
        """Collected anew."""
        self._told.clear()
        super().save_manifest()

    def imports_of(self, entry: str) -> tuple[str, ...]:
        """The static names of all that a module imports, directly or through others; nearest first, itself left out."""
        found: dict[str, None] = {entry: None}
        waiting = [entry]
        while waiting:
            name = waiting.pop(0)
            for path in _IMPORT.findall(self._text(name)):
                imported = posixpath.normpath(posixpath.join(posixpath.dirname(name), path))
                if imported not in found:
                    found[imported] = None
                    waiting.append(imported)
        return tuple(found)[1:]

    def _text(self, name: str) -> str:
        with self.open(name) as file:
            return bytes(file.read()).decode()
