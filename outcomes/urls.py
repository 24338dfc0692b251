from django.urls import path

from outcomes.views import (
    coverage,
    fill_in,
    print_return,
    reach,
    releases,
    return_workbook,
    returns,
    returns_import,
    review,
)

app_name = "outcomes"
urlpatterns = [
    # A partner's returns
    path("our-returns/", returns.OurReturns.as_view(), name="our-returns"),
    path("our-figures/", returns.OurFigures.as_view(), name="our-figures"),
    path("returns/<int:pk>/", returns.ShowReturn.as_view(), name="return-detail"),
    path("returns/<int:pk>/fill-in/", fill_in.FillInReturn.as_view(), name="return-fill-in"),
    path("returns/<int:pk>/fill-in/<slug:section>/", fill_in.FillInSection.as_view(), name="return-section"),
    path("returns/<int:pk>/workbook/", return_workbook.UploadWorkbook.as_view(), name="return-workbook"),
    path("returns/<int:pk>/workbook.xlsx", return_workbook.DownloadWorkbook.as_view(), name="return-workbook-file"),
    path("returns/<int:pk>/print/", print_return.PrintReturn.as_view(), name="return-print"),
    path("returns/<int:pk>/save/", fill_in.SaveReturn.as_view(), name="return-save"),
    path("returns/<int:pk>/check/", fill_in.CheckReturn.as_view(), name="return-check"),
    path("returns/<int:pk>/nil/", returns.SendNilReturn.as_view(), name="return-nil"),
    path("returns/<int:pk>/take-back/", returns.TakeBackReturn.as_view(), name="return-take-back"),
    path("returns/<int:pk>/correct/", returns.CorrectReturn.as_view(), name="return-correct"),
    # The unit's work on them
    path("returns/", review.ListReturns.as_view(), name="returns"),
    path("returns/import/", returns_import.ImportReturns.as_view(), name="returns-import"),
    path("returns/import/columns.csv", returns_import.DownloadColumns.as_view(), name="returns-import-columns"),
    path("returns/coverage/", coverage.ShowCoverage.as_view(), name="coverage"),
    path("returns/coverage/<int:start>/coverage.csv", coverage.DownloadCoverage.as_view(), name="coverage-csv"),
    path("returns/queue/", review.ReviewQueue.as_view(), name="review-queue"),
    path("returns/<int:pk>/review/", review.ReviewReturn.as_view(), name="return-review"),
    path("returns/<int:pk>/extend/", review.ExtendDueDate.as_view(), name="obligation-extend"),
    path("returns/<int:pk>/waive/", review.WaiveObligation.as_view(), name="obligation-waive"),
    # Reach and releases
    path("reach/", reach.ShowReach.as_view(), name="reach"),
    path("reach/change/", reach.ShowChange.as_view(), name="change"),
    path("figures/", reach.ShowFigures.as_view(), name="figures"),
    path("definitions/", reach.ShowDefinitions.as_view(), name="definitions"),
    path("releases/", releases.ListReleases.as_view(), name="release-list"),
    path("releases/produce/", releases.ProduceRelease.as_view(), name="release-produce"),
    path("releases/runs/<int:pk>/", releases.ShowRun.as_view(), name="release-run"),
    path("releases/<int:pk>/", releases.ShowRelease.as_view(), name="release-detail"),
    path("releases/<int:pk>/approve/", releases.ApproveRelease.as_view(), name="release-approve"),
    path("releases/<int:pk>/discard/", releases.DiscardRelease.as_view(), name="release-discard"),
    path("releases/<int:pk>/reach.csv", releases.DownloadReach.as_view(), name="release-csv"),
    path("downloads/", releases.ListDownloads.as_view(), name="downloads"),
]
