from django.urls import path

from funding import views

app_name = "funding"
urlpatterns = [
    path("ours/", views.ShowOurMoney.as_view(), name="our-money"),
    path("priorities/", views.SetPriorities.as_view(), name="priorities"),
    path("funds/add/", views.AddFund.as_view(), name="fund-add"),
    path("funds/<int:pk>/", views.ShowFund.as_view(), name="fund-detail"),
    path("funds/<int:pk>/edit/", views.EditFund.as_view(), name="fund-edit"),
    path("funds/<int:pk>/award-years/add/", views.AddAwardYear.as_view(), name="award-year-add"),
    path("funds/<int:pk>/facilities/add/", views.AddFacility.as_view(), name="facility-add"),
    path("award-years/<int:pk>/", views.ShowAwardYear.as_view(), name="award-year-detail"),
    path("award-years/<int:pk>/step/", views.RecordStep.as_view(), name="award-year-step"),
    path("award-years/<int:pk>/receipt/", views.RecordReceipt.as_view(), name="award-year-receipt"),
    path("award-years/<int:pk>/ring-fences/add/", views.AddRingFence.as_view(), name="ring-fence-add"),
    path("award-years/<int:pk>/match/add/", views.AddMatch.as_view(), name="match-add"),
    path("award-years/<int:pk>/awards/propose/", views.ProposeAward.as_view(), name="award-propose"),
    path("award-years/<int:pk>/budget/", views.ShowBudget.as_view(), name="budget"),
    path("award-years/<int:pk>/budget/lines/add/", views.AddBudgetLine.as_view(), name="budget-line-add"),
    path("award-years/<int:pk>/budget/propose/", views.ProposeBudgetChange.as_view(), name="budget-change-propose"),
    path("award-years/<int:pk>/conditions/add/", views.AddCondition.as_view(), name="condition-add"),
    path("budget-changes/<int:pk>/approve/", views.ApproveBudgetChange.as_view(), name="budget-change-approve"),
    path("budget-changes/<int:pk>/decline/", views.DeclineBudgetChange.as_view(), name="budget-change-decline"),
    path("conditions/<int:pk>/edit/", views.EditCondition.as_view(), name="condition-edit"),
    path("ring-fences/<int:pk>/edit/", views.EditRingFence.as_view(), name="ring-fence-edit"),
    path("matches/<int:pk>/edit/", views.EditMatch.as_view(), name="match-edit"),
    path("awards/<int:pk>/approve/", views.ApproveAward.as_view(), name="award-approve"),
    path("awards/<int:pk>/decline/", views.DeclineAward.as_view(), name="award-decline"),
    path("facilities/<int:pk>/edit/", views.EditFacility.as_view(), name="facility-edit"),
    path("facilities/<int:pk>/", views.ShowFacility.as_view(), name="facility-detail"),
    path("facilities/<int:pk>/propose/", views.ProposeMovement.as_view(), name="facility-propose"),
    path("proposals/<int:pk>/approve/", views.ApproveMovement.as_view(), name="proposal-approve"),
    path("proposals/<int:pk>/decline/", views.DeclineMovement.as_view(), name="proposal-decline"),
]
