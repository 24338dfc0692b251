from django.urls import path

from funding import views

app_name = "funding"
urlpatterns = [
    path("", views.ShowCover.as_view(), name="cover"),
    path("ours/", views.ShowOurMoney.as_view(), name="our-money"),
    path("award-years/<int:pk>/", views.ShowAwardYear.as_view(), name="award-year-detail"),
    path("award-years/<int:pk>/step/", views.RecordStep.as_view(), name="award-year-step"),
    path("award-years/<int:pk>/receipt/", views.RecordReceipt.as_view(), name="award-year-receipt"),
    path("facilities/<int:pk>/", views.ShowFacility.as_view(), name="facility-detail"),
    path("facilities/<int:pk>/propose/", views.ProposeMovement.as_view(), name="facility-propose"),
    path("proposals/<int:pk>/approve/", views.ApproveMovement.as_view(), name="proposal-approve"),
    path("proposals/<int:pk>/decline/", views.DeclineMovement.as_view(), name="proposal-decline"),
]
