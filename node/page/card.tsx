import type { ComponentChildren } from "preact";

export interface CardProps {
  readonly title: string;
  /** Beside the title. */
  readonly note?: ComponentChildren;
  readonly class?: string;
  readonly children: ComponentChildren;
}

/** A part of the page under a heading, which names it. */
export function Card({ title, note, class: extra = "", children }: CardProps) {
  const id = title.toLowerCase().replaceAll(/[^a-z]+/g, "-");
  return (
    <section class={`card ${extra}`} aria-labelledby={id}>
      <div class="card-head">
        <h2 id={id}>{title}</h2>
        {note === undefined ? null : <div class="note">{note}</div>}
      </div>
      {children}
    </section>
  );
}
