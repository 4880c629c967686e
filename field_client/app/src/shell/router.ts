// Where the user is, as the part of the address behind "#": it needs no server and no network, and the
// tablet's own Back button works. Links are plain `<a href={path(...)}>`.

/** The list from which a customer was opened: it stays beside them on a tablet. */
export type Origin = "today" | "customers";

/** A record is looked up under its customer, or among those of its type where it has none. */
interface Place {
  readonly type: string;
  readonly id: string;
  readonly customer: string | null;
}

export type Route =
  | { readonly screen: "today" }
  | { readonly screen: "customers" }
  | { readonly screen: "customer"; readonly id: string; readonly from: Origin | null }
  | ({ readonly screen: "record" } & Place)
  | { readonly screen: "new"; readonly type: string | null; readonly customer: string | null }
  | ({ readonly screen: "edit" } & Place)
  /** `id`: null for the visit that is due, or else an unplanned one. */
  | { readonly screen: "visit"; readonly customer: string; readonly id: string | null }
  | { readonly screen: "repayment"; readonly customer: string; readonly loan: string }
  | { readonly screen: "receipt"; readonly customer: string; readonly id: string }
  | { readonly screen: "handover"; readonly id: string }
  | { readonly screen: "sync" }
  | { readonly screen: "mend"; readonly number: number }
  | { readonly screen: "conflict"; readonly id: string; readonly customer: string | null }
  | { readonly screen: "settings" }
  /** The sign-in has ended: the password again. */
  | { readonly screen: "sign_in" }
  /** Work from before this store can be taken back with a supervisor's code. */
  | { readonly screen: "take_back" };

export const HOME: Route = { screen: "today" };

/** The route of `location.hash`; an address that is not known leads home. */
export function parse(hash: string): Route {
  const [path = "", query = ""] = hash.replace(/^#?\/?/, "").split("?");
  const [screen = "", first = "", second = ""] = path.split("/").map(decoded);
  const facts = new URLSearchParams(query);
  const customer = facts.get("customer") || null;
  switch (screen) {
    case "today":
    case "customers":
    case "sync":
    case "settings":
    case "sign_in":
    case "take_back":
      return { screen };
    case "customer":
      if (first === "") return { screen: "customers" };
      return { screen, id: first, from: origin(facts.get("from")) };
    case "record":
    case "edit":
      return second === "" ? HOME : { screen, type: first, id: second, customer };
    case "visit":
      return first === "" ? HOME : { screen, customer: first, id: second || null };
    case "repayment":
      return second === "" ? HOME : { screen, customer: first, loan: second };
    case "receipt":
      return second === "" ? HOME : { screen, customer: first, id: second };
    case "conflict":
      return first === "" ? { screen: "sync" } : { screen, id: first, customer };
    case "handover":
      return first === "" ? HOME : { screen, id: first };
    case "mend":
      return /^[0-9]{1,9}$/.test(first) ? { screen, number: Number(first) } : { screen: "sync" };
    case "new":
      return { screen, type: first || null, customer };
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
    case "sign_in":
    case "take_back":
      return `#/${route.screen}`;
    case "customer":
      return `#/customer/${coded(route.id)}${route.from ? `?from=${route.from}` : ""}`;
    case "record":
    case "edit":
      return `#/${route.screen}/${coded(route.type)}/${coded(route.id)}${under(route.customer)}`;
    case "visit":
      return `#/visit/${coded(route.customer)}${route.id === null ? "" : `/${coded(route.id)}`}`;
    case "repayment":
      return `#/repayment/${coded(route.customer)}/${coded(route.loan)}`;
    case "receipt":
      return `#/receipt/${coded(route.customer)}/${coded(route.id)}`;
    case "conflict":
      return `#/conflict/${coded(route.id)}${under(route.customer)}`;
    case "handover":
      return `#/handover/${coded(route.id)}`;
    case "mend":
      return `#/mend/${route.number}`;
    case "new":
      return `#/new${route.type === null ? "" : `/${coded(route.type)}`}${under(route.customer)}`;
  }
}

function under(customer: string | null): string {
  return customer === null ? "" : `?customer=${coded(customer)}`;
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
