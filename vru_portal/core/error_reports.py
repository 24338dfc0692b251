"""What Django may say of an error to whoever is told of it (ADMINS, a log of errors): where it was, and of nothing that
was at work there. A register names young people, and a function's variables hold them while it is read."""

from django.views.debug import ExceptionReporter, SafeExceptionReporterFilter


class WithoutValues(SafeExceptionReporterFilter):
    """No variable of any function and nothing that was sent, whether or not a view is marked as sensitive."""

    def get_post_parameters(self, request) -> dict:
        return {} if self.is_active(request) else super().get_post_parameters(request)

    def get_traceback_frame_variables(self, request, tb_frame):
        if not self.is_active(request):
            return super().get_traceback_frame_variables(request, tb_frame)
        return [(name, self.cleansed_substitute) for name in tb_frame.f_locals]


class WithoutFiles(ExceptionReporter):
    """Nor the names of files: some are called by whom they are about."""

    def get_traceback_data(self) -> dict:
        data = super().get_traceback_data()
        return data | {"request_FILES_items": []} if self.filter.is_active(self.request) else data
