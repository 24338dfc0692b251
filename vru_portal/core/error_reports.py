"""What Django may say of an error to whoever is told of it (ADMINS, a log of errors): where it was, and of nothing that
was at work there. A register names young people, and a function's variables hold them while it is read.

The exception's own text stays, with those of its causes: without it nobody could mend anything. So no exception of
ours repeats what a cell holds; one of a library or of the database may.
"""

from django.views.debug import ExceptionReporter, SafeExceptionReporterFilter

WITH_A_QUERY = {"QUERY_STRING", "REQUEST_URI", "RAW_URI", "HTTP_REFERER"}


class WithoutValues(SafeExceptionReporterFilter):
    """No variable of any function and nothing that was sent, whether or not a view is marked as sensitive."""

    def get_post_parameters(self, request) -> dict:
        return {}

    def get_safe_request_meta(self, request) -> dict:
        meta = super().get_safe_request_meta(request)
        return {name: value for name, value in meta.items() if name not in WITH_A_QUERY}

    def get_traceback_frame_variables(self, request, tb_frame):
        return [(name, self.cleansed_substitute) for name in tb_frame.f_locals]


class WithoutFiles(ExceptionReporter):
    """Nor the names of files, for some are called by whom they are about; nor what was asked for after the path, what
    could not be decoded, and notes upon an exception."""

    def get_traceback_data(self) -> dict:
        data = super().get_traceback_data() | {"unicode_hint": "", "exception_notes": ""}
        if self.request is not None:
            nothing = {"request_FILES_items": [], "request_GET_items": [], "request_insecure_uri": self.request.path}
            data |= nothing
        return data
