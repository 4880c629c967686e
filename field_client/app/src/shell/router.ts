// Where the user is, as the part of the address behind "#": it needs no server and no network, and the
// tablet's own Back button works. Links are plain `<a href={path(...)}>`.

/** The list from which a customer was opened: it stays beside them on a tablet. */
export type Origin = "today" | "customers";

export type Route =
  | { readonly screen: "today" }
  | { readonly screen: "customers" }
  | { readonly screen: "customer"; readonly id: string; readonly from: Origin | null }
  | { readonly screen: "record"; readonly id: string }
  | { readonly screen: "new"; readonly type: string | null; readonly customer: string | null }
  | { readonly screen: "edit"; readonly id: string }
  | { readonly screen: "visit"; readonly id: string }
  | { readonly screen: "repayment"; readonly loan: string }
  | { readonly screen: "receipt"; readonly id: string }
  | { readonly screen: "sync" }
  | { readonly screen: "conflict"; readonly id: string }
  | { readonly screen: "settings" };

export const HOME: Route = { screen: "today" };

/** The route of `location.hash`; an address that is not known leads home. */
export function parse(hash: string): Route {
  const [path = "", query = ""] = hash.replace(/^#?\/?/, "").split("?");
  const [screen = "", rest = ""] = path.split("/").map(decoded);
  const facts = new URLSearchParams(query);
  switch (screen) {
    case "today":
    case "customers":
    case "sync":
    case "settings":
      return { screen };
    case "customer":
      return rest ? { screen, id: rest, from: origin(facts.get("from")) } : { screen: "customers" };
    case "record":
    case "edit":
    case "visit":
    case "receipt":
      return rest ? { screen, id: rest } : HOME;
    case "conflict":
      return rest ? { screen, id: rest } : { screen: "sync" };
    case "repayment":
      return rest ? { screen, loan: rest } : HOME;
    case "new":
      return { screen, type: rest || null, customer: facts.get("customer") || null };
    default:
      return HOME;
  }
}

/** The address of a route, for `href`. */
export function path(route: Route): string {
  switch (route.screen) {
    case "today":
    case "customers":
    case "sync":
    case "settings":
      return `#/${route.screen}`;
    case "customer":
      return `#/customer/${coded(route.id)}${route.from ? `?from=${route.from}` : ""}`;
    case "record":
    case "edit":
    case "visit":
    case "receipt":
    case "conflict":
      return `#/${route.screen}/${coded(route.id)}`;
    case "repayment":
      return `#/repayment/${coded(route.loan)}`;
    case "new": {
      const type = route.type === null ? "" : `/${coded(route.type)}`;
      return `#/new${type}${route.customer ? `?customer=${coded(route.customer)}` : ""}`;
    }
  }
}

/** Goes to a route; with `instead` the present one is not one to come back to. */
export function go(route: Route, { instead = false } = {}): void {
  if (instead) location.replace(path(route));
  else location.hash = path(route);
}

/** Calls back with the route at once and after each change; returns how to stop. */
export function follow(tell: (route: Route) => void): () => void {
  const look = () => tell(parse(location.hash));
  addEventListener("hashchange", look);
  look();
  return () => removeEventListener("hashchange", look);
}

function origin(from: string | null): Origin | null {
  return from === "today" || from === "customers" ? from : null;
}

function coded(part: string): string {
  return encodeURIComponent(part);
}

/** A part of an address that nobody wrote well stands for nothing. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return "";
  }
}
