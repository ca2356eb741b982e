package dev.lanewise.cli.report;

/** The page's head: its look in light, in dark, on a phone and on paper. */
final class Style {
  static final String HEAD =
      """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="color-scheme" content="light dark">
      <title>Training report</title>
      <style>
      :root { --ground: #fff; --ink: #1b1f24; --soft: #59636e; --line: #d5dae0; --heat-colour: 214 71 0;
        --right: #dcefe3; }
      @media screen and (prefers-color-scheme: dark) {
        :root { --ground: #14171a; --ink: #e8eaed; --soft: #a3adb8; --line: #363c43;
          --heat-colour: 224 92 24; --right: #173d29; }
        .chart svg { filter: invert(0.9) hue-rotate(180deg); }
      }
      * { box-sizing: border-box; }
      body { margin: 0 auto; max-width: 1180px; padding: 1rem; background: var(--ground);
        color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
      h1 { font-size: 1.6rem; margin: 0.5rem 0 1rem; }
      h2 { font-size: 1.15rem; margin: 2.2rem 0 0.7rem; }
      .result { display: flex; flex-wrap: wrap; gap: 0.5rem 2.5rem; margin: 0; }
      .result dt { color: var(--soft); }
      .result dd { margin: 0; font-size: 1.6rem; font-variant-numeric: tabular-nums; }
      .chart { margin: 0; display: flex; flex-wrap: wrap; }
      .chart svg { flex: 1 1 340px; min-width: 0; max-width: min(100%, 580px); height: auto; }
      .plot { max-width: 100%; height: auto; font-size: 13px; }
      .plot text { fill: var(--soft); }
      .plot .frame { fill: none; stroke: var(--line); }
      .plot .equal { stroke: var(--soft); stroke-dasharray: 4 4; }
      .plot circle, .plot .bar { fill: rgb(var(--heat-colour) / 0.6); }
      .wide { overflow-x: auto; }
      table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
      caption { text-align: left; color: var(--soft); padding-bottom: 0.4rem; }
      th, td { padding: 0.25rem 0.7rem; border-bottom: 1px solid var(--line); text-align: right; }
      thead th { color: var(--soft); font-weight: 600; }
      .confusion th, .confusion td { padding: 0.3rem 0.5rem; min-width: 2.6rem; }
      .confusion td { background: rgb(var(--heat-colour) / calc(var(--heat, 0) * 0.6)); }
      .confusion td.right { background: var(--right); }
      .tiles { list-style: none; margin: 0; padding: 0; display: grid; gap: 0.8rem;
        grid-template-columns: repeat(auto-fill, minmax(96px, 1fr)); }
      .tiles li { display: flex; flex-direction: column; align-items: center; text-align: center;
        font-size: 0.85rem; line-height: 1.3; }
      .tiles img { image-rendering: pixelated; border: 1px solid var(--line); margin-bottom: 0.25rem; }
      .facts { margin: 0; display: grid; gap: 0 2rem;
        grid-template-columns: repeat(auto-fill, minmax(min(100%, 320px), 1fr)); }
      .facts div { display: flex; justify-content: space-between; gap: 1rem;
        border-bottom: 1px solid var(--line); padding: 0.25rem 0; }
      .facts dt { color: var(--soft); }
      .facts dd { margin: 0; text-align: right; overflow-wrap: anywhere; }
      footer { margin-top: 2.5rem; color: var(--soft); }
      pre { white-space: pre-wrap; overflow-wrap: anywhere; border: 1px solid var(--line);
        padding: 0.7rem; }
      .hash { overflow-wrap: anywhere; }
      summary { cursor: pointer; color: var(--soft); }
      @media (max-width: 600px) {
        table { font-size: 0.9rem; }
        th, td { padding: 0.25rem 0.35rem; }
        .confusion { font-size: 0.72rem; width: 100%; }
        .confusion th, .confusion td { padding: 0.35rem 0.1rem; min-width: 0; text-align: center; }
      }
      @media print {
        details::details-content { content-visibility: visible; block-size: auto; }
        section:not(:has(.tiles)), .tiles li { break-inside: avoid; }
        td, img { print-color-adjust: exact; }
      }
      </style>
      </head>
      <body>
      """;

  private Style() {}
}
