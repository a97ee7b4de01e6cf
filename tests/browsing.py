"""What browser tests have in common: coming in as somebody, and what every page must keep to."""

from axe_playwright_python.sync_playwright import Axe
from django.conf import settings

from households.models import User
from tests.world import World


def enter(page: object, world: World, user: User | str) -> None:
    """Give the browser the session of a person, or of the person of a role."""
    session = world.client(user).cookies[settings.SESSION_COOKIE_NAME].value
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session, "domain": "127.0.0.1", "path": "/"}
    page.context.add_cookies([cookie])


def says(page: object, words: str, where: str = "main") -> None:
    """Wait until a part of the page says so; what is read at once may still be the page before a click."""
    page.locator(where).filter(has_text=words).first.wait_for()


# Rules whose faults are never serious are not asked: that is a fifth of the work. Contrast is most of the rest, and depends on nothing
# but letters and ground: of texts that look alike three are asked, not every row of a table.
SERIOUS = """
async () => {
  const off = axe._audit.rules.filter((rule) => ["minor", "moderate"].includes(rule.impact)).map((rule) => rule.id);
  const rules = Object.fromEntries([...off, "color-contrast"].map((id) => [id, { enabled: false }]));
  const grounds = new Map([[null, ""]]);
  const groundOf = (element) => {
    if (!grounds.has(element)) {
      const { backgroundColor: color, backgroundImage: image, opacity } = getComputedStyle(element);
      const own = color === "rgba(0, 0, 0, 0)" && image === "none" && opacity === "1" ? "" : `${color} ${image} ${opacity};`;
      grounds.set(element, groundOf(element.parentElement) + own);
    }
    return grounds.get(element);
  };
  const alike = new Map();
  for (const element of document.body.querySelectorAll("*")) {
    const written = [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
    if ((written || element.matches("input, select, textarea")) && element.checkVisibility({ visibilityProperty: true })) {
      const { color, fontSize, fontWeight, textShadow } = getComputedStyle(element);
      const look = [color, fontSize, fontWeight, textShadow, element.matches(":disabled"), groundOf(element)].join("|");
      alike.set(look, [...(alike.get(look) || []), element].slice(0, 3));
    }
  }
  const include = [...alike.values()].flat();
  const runs = [await axe.run({ resultTypes: ["violations"], rules })];
  if (include.length) {
    runs.push(await axe.run({ include }, { resultTypes: ["violations"], runOnly: ["color-contrast"] }));
  }
  const found = runs.flatMap(({ violations }) => violations);
  const serious = found.filter((fault) => ["serious", "critical"].includes(fault.impact));
  return serious.map((fault) => `${fault.id}: ${fault.nodes[0].html}`);
}
"""


def faults(page: object) -> list[str]:
    """Serious faults by the rules of accessibility, and whether the page is wider than the screen."""
    page.wait_for_load_state()  # a click that leads elsewhere returns as soon as the answer begins
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(Axe().axe_script)
    found = page.evaluate(SERIOUS)
    wide = page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
    return [*found, "too wide"] if wide else found


def not_stored(page: object, cache: str) -> list[str]:
    """Static files that the page has fetched and that do not lie in its cache: without a line they would be missing."""
    return page.evaluate(
        """async (name) => {
          const cache = await caches.open(name);
          const fetched = performance.getEntriesByType("resource").map((entry) => entry.name);
          const parts = fetched.filter((url) => new URL(url).pathname.startsWith("/static/"));
          const stored = await Promise.all(parts.map((url) => cache.match(url)));
          return parts.length ? parts.filter((_, at) => !stored[at]) : ["nothing was fetched"];
        }""",
        cache,
    )
