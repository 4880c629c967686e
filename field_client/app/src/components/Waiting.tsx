interface WaitingProps {
  /** Read out; what is being read. */
  readonly label: string;
  readonly rows?: number | undefined;
}

/** The shape of the rows that are being read: only for what takes longer than a blink. */
export function Waiting({ label, rows = 5 }: WaitingProps) {
  return (
    <div class="wait" role="status">
      <span class="vh">{label}</span>
      {Array.from({ length: rows }, (_, at) => (
        <span class="line" key={at} />
      ))}
    </div>
  );
}
