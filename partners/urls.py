"""An organisation's page is mounted above, and so is the list of messages: `vru_portal` composes them."""

from django.urls import path

from partners.views import account, agreements, history, invitations, messages, networks, organisations

app_name = "partners"
urlpatterns = [
    path("", organisations.ListOrganisations.as_view(), name="organisation-list"),
    path("add/", organisations.AddOrganisation.as_view(), name="organisation-add"),
    path("<int:pk>/edit/", organisations.EditOrganisation.as_view(), name="organisation-edit"),
    path("<int:pk>/invite/", invitations.InviteSomebody.as_view(), name="invite"),
    path("our-organisation/", organisations.OurOrganisation.as_view(), name="our-organisation"),
    # Under which agreements it gives data about people
    path("<int:pk>/agreements/record/", agreements.RecordAgreement.as_view(), name="agreement-record"),
    path("agreements/<int:pk>/end/", agreements.EndAgreement.as_view(), name="agreement-end"),
    # People in and out
    path("invitations/<int:pk>/withdraw/", invitations.WithdrawInvitation.as_view(), name="invitation-withdraw"),
    path("memberships/<int:pk>/end/", invitations.EndMembership.as_view(), name="membership-end"),
    path("join/<str:token>/", invitations.AcceptInvitation.as_view(), name="invitation-accept"),
    # Networks
    path("networks/", networks.ListNetworks.as_view(), name="network-list"),
    path("networks/<int:pk>/", networks.ShowNetwork.as_view(), name="network-detail"),
    path("networks/<int:pk>/members/add/", networks.AddNetworkMember.as_view(), name="network-member-add"),
    path("networks/members/<int:pk>/change/", networks.ChangeNetworkMember.as_view(), name="network-member-change"),
    path("networks/members/<int:pk>/leave/", networks.LeaveNetwork.as_view(), name="network-member-leave"),
    # What happened
    path("history/", history.History.as_view(), name="history"),
    path("history/<str:subject_type>/<int:subject_id>/", history.SubjectHistory.as_view(), name="history-subject"),
    # What we wrote to people; the list is mounted by the composition root
    path("messages/<int:pk>/", messages.ShowMessage.as_view(), name="message-detail"),
    path("messages/<int:pk>/send-again/", messages.SendMessageAgain.as_view(), name="message-send-again"),
    # You
    path("account/", account.ShowAccount.as_view(), name="account"),
    path("account/tokens/", account.CreateToken.as_view(), name="token-create"),
    path("account/tokens/<str:digest>/revoke/", account.RevokeToken.as_view(), name="token-revoke"),
]
