"""Static files: what is found, what is named by its hash, what is collected again."""

import pytest
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.template import Context, Template, TemplateSyntaxError

from dongkou.management.commands import set_up
from dongkou.statics import VENDOR

FILES = [f"{prefix}/{name}" for prefix, (_, names) in VENDOR.items() for name in names]


@pytest.mark.parametrize("name", FILES)
def test_each_vendor_file_is_found_and_carries_its_hash(name):
    assert finders.find(name).endswith(name.split("/", 2)[2])
    stem, suffix = name.rsplit(".", 1)
    assert staticfiles_storage.url(name).startswith(f"/static/{stem}.")
    assert len(staticfiles_storage.url(name)) == len(f"/static/{stem}..{suffix}") + 12


def test_a_file_that_no_page_uses_is_not_served():
    assert finders.find("vendor/tabler/css/tabler.rtl.css") is None
    assert finders.find("vendor/tabler/nothing.css", find_all=True) == []


@pytest.mark.django_db
def test_a_hashed_file_may_be_kept_for_ever_and_comes_compressed(client):
    answer = client.get(staticfiles_storage.url("vendor/htmx/htmx.min.js"), headers={"Accept-Encoding": "gzip"})
    assert answer.status_code == 200
    assert "immutable" in answer["Cache-Control"]
    assert answer["Content-Encoding"] == "gzip"
    answer.close()


def test_statics_are_collected_only_when_their_sources_change(settings, tmp_path):
    settings.STATIC_ROOT, said = tmp_path / "out", []
    settings.STATICFILES_DIRS = [tmp_path / "in"]
    settings.STATICFILES_FINDERS = []
    (tmp_path / "in").mkdir()
    for text in ("a", "a", "bb"):
        if not (tmp_path / "in" / "x.css").exists() or text != "a":
            (tmp_path / "in" / "x.css").write_text(text)
        set_up.collect_statics(said.append)
    assert len(said) == 2


def test_statics_are_collected_again_when_a_package_that_lacked_has_come(settings, tmp_path):
    settings.STATIC_ROOT, said = tmp_path / "out", []
    settings.NODE_MODULES = tmp_path / "packages"
    settings.STATICFILES_DIRS = []
    settings.STATICFILES_FINDERS = []
    late = settings.NODE_MODULES / "htmx.org/dist/htmx.min.js"
    for come in (False, True, True):
        if come and not late.exists():
            late.parent.mkdir(parents=True)
            late.write_text("")
        set_up.collect_statics(said.append)
    assert len(said) == 2


def render(text):
    return Template("{% load icons %}" + text).render(Context())


def test_an_icon_is_decoration_unless_it_has_a_name():
    assert 'aria-hidden="true"' in render('{% icon "home" %}')
    assert 'role="img" aria-label="警告 &lt;b&gt;"' in render('{% icon "alert-triangle" label="警告 <b>" %}')


@pytest.mark.parametrize("name", ["no-such-icon", "../../../secrets", "Home", ""])
def test_an_icon_that_does_not_exist_is_an_error(name):
    with pytest.raises(TemplateSyntaxError, match="no icon"):
        render('{% icon "' + name + '" %}')
