"""How static files are named and stored once collected."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class Storage(CompressedManifestStaticFilesStorage):
    """Each file under a name with its digest, also where one ES module imports another."""

    support_js_module_import_aggregation = True
