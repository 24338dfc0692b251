"""A programme's page and a delivery's are mounted above: `vru_portal` composes them."""

from django.urls import path

from programmes import views

app_name = "programmes"
urlpatterns = [
    path("", views.ListProgrammes.as_view(), name="programme-list"),
    path("deliveries/add/", views.AddDelivery.as_view(), name="delivery-add"),
    path("deliveries/<int:pk>/edit/", views.EditDelivery.as_view(), name="delivery-edit"),
    path("deliveries/<int:pk>/targets/<int:year>/", views.SetTarget.as_view(), name="target-set"),
]
