interface ProgressProps {
  readonly label: string;
  readonly done: number;
  readonly all: number;
  readonly tone?: "info" | "late" | "warn" | undefined;
}

/** A bar beside the same figures in words. */
export function Progress({ label, done, all, tone }: ProgressProps) {
  const share = all > 0 ? Math.min(1, Math.max(0, done / all)) : 0;
  return (
    <div class={`bar ${tone ?? ""}`} role="img" aria-label={label}>
      <i style={{ width: `${(share * 100).toFixed(1)}%` }} />
    </div>
  );
}
