from django.urls import path

from outcomes.views import (
    check_return,
    comments,
    coverage,
    fill_in,
    measures,
    obligations,
    print_return,
    reach,
    register_keys,
    registers,
    releases,
    return_workbook,
    returns,
    returns_import,
    review,
    template_drafts,
    templates,
    unlocks,
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
    path("returns/<int:pk>/register/", registers.ShowRegister.as_view(), name="register"),
    path("returns/<int:pk>/register/row/", registers.TypeRow.as_view(), name="register-row"),
    path("returns/<int:pk>/register/template.xlsx", registers.DownloadTemplate.as_view(), name="register-template"),
    path("returns/<int:pk>/register/print/", registers.PrintSheet.as_view(), name="register-print"),
    path(
        "returns/<int:pk>/register/<int:file>/<slug:step>/",
        registers.ChangeRegister.as_view(),
        name="register-change",
    ),
    path("returns/<int:pk>/print/", print_return.PrintReturn.as_view(), name="return-print"),
    path("returns/<int:pk>/save/", fill_in.SaveReturn.as_view(), name="return-save"),
    path("returns/<int:pk>/check/", check_return.CheckReturn.as_view(), name="return-check"),
    path("returns/<int:pk>/nil/", returns.SendNilReturn.as_view(), name="return-nil"),
    path("returns/<int:pk>/take-back/", returns.TakeBackReturn.as_view(), name="return-take-back"),
    path("returns/<int:pk>/ask-to-unlock/", unlocks.AskToUnlock.as_view(), name="unlock-ask"),
    path("returns/<int:pk>/correct/", unlocks.CorrectReturn.as_view(), name="return-correct"),
    path("returns/<int:pk>/comments/<slug:section>/", comments.ShowThread.as_view(), name="return-comments"),
    # The unit's work on them
    path("returns/", review.ListReturns.as_view(), name="returns"),
    path("returns/import/", returns_import.ImportReturns.as_view(), name="returns-import"),
    path("returns/import/columns.csv", returns_import.DownloadColumns.as_view(), name="returns-import-columns"),
    path("returns/coverage/", coverage.ShowCoverage.as_view(), name="coverage"),
    path("returns/coverage/<int:start>/coverage.csv", coverage.DownloadCoverage.as_view(), name="coverage-csv"),
    path("returns/queue/", review.ReviewQueue.as_view(), name="review-queue"),
    path("returns/<int:pk>/review/", review.ReviewReturn.as_view(), name="return-review"),
    path("returns/<int:pk>/extend/", obligations.ExtendDueDate.as_view(), name="obligation-extend"),
    path("returns/<int:pk>/waive/", obligations.WaiveObligation.as_view(), name="obligation-waive"),
    path("returns/<int:pk>/unlock/", unlocks.UnlockReturn.as_view(), name="unlock-give"),
    path("returns/<int:pk>/versions/<int:number>/void/", unlocks.VoidReturn.as_view(), name="return-void"),
    path("returns/unlocks/", unlocks.ListUnlocks.as_view(), name="unlock-list"),
    path("returns/unlocks/<int:unlock>/take-back/", unlocks.TakeBackUnlock.as_view(), name="unlock-take-back"),
    path("returns/unlocks/asked/<int:asked>/decline/", unlocks.DeclineUnlock.as_view(), name="unlock-decline"),
    path("returns/revisions/", unlocks.ListRevisions.as_view(), name="revision-list"),
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
    # Settings: what returns ask
    path("settings/templates/", templates.ListTemplates.as_view(), name="template-list"),
    path("settings/templates/add/", templates.AddTemplate.as_view(), name="template-add"),
    path("settings/templates/<slug:code>/", templates.ShowTemplate.as_view(), name="template-detail"),
    path("settings/templates/<slug:code>/rename/", templates.RenameTemplate.as_view(), name="template-rename"),
    path("settings/templates/<slug:code>/assign/", templates.AssignTemplate.as_view(), name="template-assign"),
    path(
        "settings/templates/<slug:code>/unassign/<int:pk>/",
        templates.UnassignTemplate.as_view(),
        name="template-unassign",
    ),
    path("settings/templates/<slug:code>/start/", templates.StartVersion.as_view(), name="template-start"),
    path(
        "settings/templates/<slug:code>/versions/<int:number>/",
        templates.ShowVersion.as_view(),
        name="template-version",
    ),
    path(
        "settings/templates/<slug:code>/versions/<int:number>/try/", templates.TryVersion.as_view(), name="template-try"
    ),
    path(
        "settings/templates/<slug:code>/draft/minutes/", template_drafts.SetMinutes.as_view(), name="template-minutes"
    ),
    path(
        "settings/templates/<slug:code>/draft/publish/",
        template_drafts.PublishVersion.as_view(),
        name="template-publish",
    ),
    path(
        "settings/templates/<slug:code>/draft/discard/", template_drafts.DiscardDraft.as_view(), name="template-discard"
    ),
    path("settings/templates/<slug:code>/draft/parts/add/", template_drafts.AddSection.as_view(), name="section-add"),
    path(
        "settings/templates/<slug:code>/draft/parts/<int:pk>/",
        template_drafts.EditSection.as_view(),
        name="section-edit",
    ),
    path(
        "settings/templates/<slug:code>/draft/parts/<int:pk>/ask/",
        template_drafts.ChooseMeasure.as_view(),
        name="question-choose",
    ),
    path(
        "settings/templates/<slug:code>/draft/parts/<int:pk>/ask/<slug:measure>/",
        template_drafts.AddQuestion.as_view(),
        name="question-add",
    ),
    path(
        "settings/templates/<slug:code>/draft/questions/<int:pk>/",
        template_drafts.EditQuestion.as_view(),
        name="question-edit",
    ),
    path("settings/templates/<slug:code>/draft/checks/add/", template_drafts.AddCheck.as_view(), name="check-add"),
    path(
        "settings/templates/<slug:code>/draft/checks/<int:pk>/", template_drafts.EditCheck.as_view(), name="check-edit"
    ),
    path(
        "settings/templates/<slug:code>/draft/<slug:step>/<int:pk>/",
        template_drafts.ChangeDraft.as_view(),
        name="template-step",
    ),
    path("settings/register-keys/", register_keys.ListKeys.as_view(), name="register-keys"),
    path("settings/measures/", measures.ListMeasures.as_view(), name="measure-list"),
    path("settings/measures/add/", measures.AddMeasure.as_view(), name="measure-add"),
    path("settings/measures/<slug:code>/", measures.ShowMeasure.as_view(), name="measure-detail"),
    path("settings/measures/<slug:code>/edit/", measures.EditMeasure.as_view(), name="measure-edit"),
    path("settings/measures/<slug:code>/successor/", measures.SucceedMeasure.as_view(), name="measure-successor"),
    path("settings/measures/<slug:code>/delete/", measures.DeleteMeasure.as_view(), name="measure-delete"),
]
