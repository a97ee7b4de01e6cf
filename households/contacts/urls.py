"""Addresses of contacts."""

from django.urls import URLPattern, path

from households.contacts import views, views_grids, views_mine, views_people

urlpatterns: list[URLPattern] = [
    path("contacts/", views.contacts_home, name="contacts"),
    path("contacts/mine/", views_mine.my_contacts, name="my-contacts"),
    path("contacts/mine/<str:household>/", views_mine.my_contact, name="my-contact"),
    path("contacts/mine/<str:household>/call/", views_mine.call_household, name="call-household"),
    path("contacts/mine/<str:household>/visit/", views_mine.record_visit, name="record-visit"),
    path("contacts/mine/<str:household>/<int:visit>/", views_mine.withdraw_visit, name="withdraw-visit"),
    path("contacts/people/<str:village>/", views_people.contact_people, name="contact-people"),
    path("contacts/people/<str:village>/<int:person>/", views_people.contact_person, name="contact-person"),
    path("contacts/people/<str:village>/<int:person>/hand-over/", views_people.hand_over, name="contact-hand-over"),
    path("contacts/micro-grids/<str:village>/", views_grids.micro_grids, name="micro-grids"),
    path("contacts/micro-grids/<str:village>/past/", views_grids.past_micro_grids, name="past-micro-grids"),
    path("contacts/micro-grids/<str:village>/<int:grid>/", views_grids.change_micro_grid, name="change-micro-grid"),
    path("contacts/new-micro-grid/<str:group>/", views_grids.new_micro_grid, name="new-micro-grid"),
    path("contacts/households/<str:household>/", views.contact_household, name="contact-household"),
    path("contacts/households/<str:household>/<int:contact>/", views.end_contact, name="end-contact"),
    path("contacts/<str:code>/", views.contacts_of, name="contacts-of"),
]
