import type { ComponentChildren } from "preact";

/** The buttons of a task at the lower edge; the main one last. */
export function ActionBar({ children }: { readonly children: ComponentChildren }) {
  return <footer class="acts">{children}</footer>;
}
