using System.Security.Cryptography;
using System.Text;

namespace EcomWorkflows.Pipeline.Reporting;

/// <summary>The only style sheet of all reports, inside each page; the content policy names it by its hash, so nothing else can run or load.</summary>
public static class ReportStyle
{
    /// <summary>Content policy a server may send with the report: no script, no request, just this style.</summary>
    public static string ContentSecurityPolicy { get; } =
        $"default-src 'none'; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Css)))}'; img-src data:; base-uri 'none'; form-action 'none'";

    /// <summary>How many classes there are for lines and bars of a chart, from <c>s0</c> on.</summary>
    internal const int SeriesColours = 6;

    internal const string Css = """

        :root { color-scheme: light dark;
          --page: #f5f6f8; --card: #ffffff; --line: #dfe3e8; --soft: #eef1f4; --text: #1c2430; --quiet: #5b6675; --link: #0b5cad; --bar: #4c7fb8;
          --good: #116b3a; --good-bg: #e3f4ea; --warn: #835500; --warn-bg: #fdf1d7; --bad: #a11a1a; --bad-bg: #fbe5e4; --info: #3d4b5c; --info-bg: #e8ecf1;
          --s0: #0b5fa5; --s1: #c2410c; --s2: #4d7c0f; --s3: #7c3aed; --s4: #0e7490; --s5: #9d174d; }
        @media (prefers-color-scheme: dark) { :root {
          --page: #12161c; --card: #1a2028; --line: #2e3742; --soft: #232b35; --text: #e6eaf0; --quiet: #9aa7b6; --link: #7db8f5; --bar: #5b94d1;
          --good: #7fd8a4; --good-bg: #173526; --warn: #f0c674; --warn-bg: #3a2f14; --bad: #ff9d97; --bad-bg: #431f1f; --info: #b6c2d0; --info-bg: #2a333e;
          --s0: #6fb1f2; --s1: #fb9a6b; --s2: #a3d160; --s3: #b79bff; --s4: #5cc8dd; --s5: #f28ab8; } }
        * { box-sizing: border-box; }
        body { margin: 0; background: var(--page); color: var(--text); font: 15px/1.5 system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
        main { max-width: 1180px; margin: 0 auto; padding: 28px 24px 60px; }
        a { color: var(--link); }
        h1 { font-size: 25px; line-height: 1.25; margin: 0; font-weight: 650; }
        h2 { font-size: 18px; margin: 36px 0 4px; font-weight: 650; }
        h3 { font-size: 14px; margin: 18px 0 6px; color: var(--quiet); font-weight: 600; }
        p.lead { margin: 0 0 12px; color: var(--quiet); }
        .head { display: flex; gap: 14px; align-items: center; flex-wrap: wrap; }
        .over { color: var(--quiet); margin: 0 0 2px; font-size: 13px; }
        dl.facts { display: flex; flex-wrap: wrap; gap: 4px 26px; margin: 12px 0 0; font-size: 13px; }
        dl.facts div { display: flex; gap: 6px; }
        dl.facts dt { color: var(--quiet); }
        dl.facts dd { margin: 0; overflow-wrap: anywhere; }
        nav { margin: 16px 0 14px; font-size: 14px; display: flex; gap: 18px; flex-wrap: wrap; }
        .tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(165px, 1fr)); gap: 12px; margin: 22px 0 0; }
        .tiles + .card { margin-top: 16px; }
        .tile { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 14px 16px; }
        .tile b { display: block; font-size: 25px; line-height: 1.2; font-weight: 650; font-variant-numeric: tabular-nums; }
        .tile span { color: var(--quiet); font-size: 13px; display: block; }
        .tile .label { color: var(--text); font-weight: 600; }
        .tile.bad b { color: var(--bad); } .tile.warn b { color: var(--warn); } .tile.good b { color: var(--good); }
        .stop { background: var(--bad-bg); color: var(--bad); border-radius: 8px; padding: 12px 16px; margin: 20px 0 0; }
        .stop ul { margin: 6px 0 0; padding-left: 20px; }
        .card { background: var(--card); border: 1px solid var(--line); border-radius: 8px; overflow-x: auto; }
        table { border-collapse: collapse; width: 100%; font-size: 14px; }
        th { text-align: left; font-weight: 600; font-size: 13px; color: var(--quiet); padding: 9px 14px; border-bottom: 1px solid var(--line); white-space: nowrap; }
        td { padding: 8px 14px; border-top: 1px solid var(--line); vertical-align: top; }
        tbody tr:first-child td { border-top: 0; }
        td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
        td.nowrap { white-space: nowrap; }
        td.value { overflow-wrap: anywhere; max-width: 340px; }
        td.nowrap code { overflow-wrap: normal; }
        code { font: 12.5px/1.45 ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; overflow-wrap: anywhere; }
        .quiet { color: var(--quiet); }
        .small { font-size: 13px; }
        .chip { display: inline-block; padding: 1px 9px; border-radius: 10px; font-size: 12.5px; font-weight: 600; white-space: nowrap; }
        .chip.big { font-size: 14px; padding: 3px 12px; border-radius: 14px; }
        .good { color: var(--good); } .chip.good { background: var(--good-bg); }
        .warn { color: var(--warn); } .chip.warn { background: var(--warn-bg); }
        .bad { color: var(--bad); } .chip.bad { background: var(--bad-bg); }
        .info { color: var(--info); } .chip.info { background: var(--info-bg); }
        details { border-top: 1px solid var(--line); content-visibility: auto; contain-intrinsic-size: auto 62px; }
        details:first-child { border-top: 0; }
        summary { display: grid; grid-template-columns: 108px minmax(0, 1fr) 150px 80px; gap: 14px; align-items: baseline; padding: 9px 14px; cursor: pointer; list-style: none; }
        summary::-webkit-details-marker { display: none; }
        summary:hover { background: var(--soft); }
        summary:focus-visible { outline: 2px solid var(--link); outline-offset: -2px; }
        summary .n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
        summary .type { display: block; overflow-wrap: anywhere; color: var(--quiet); font-size: 12.5px; }
        .listhead { display: grid; grid-template-columns: 108px minmax(0, 1fr) 150px 80px; gap: 14px; padding: 9px 14px; border-bottom: 1px solid var(--line);
          font-weight: 600; font-size: 13px; color: var(--quiet); }
        .listhead .n { text-align: right; }
        .more { padding: 2px 14px 16px 136px; }
        .more table { border: 1px solid var(--line); border-radius: 6px; }
        .more th, .more td { padding: 5px 10px; font-size: 13px; }
        .split { display: grid; grid-template-columns: minmax(200px, 1fr) minmax(310px, 2fr); gap: 0 24px; }
        svg { display: block; max-width: 100%; height: auto; }
        figure { margin: 0 0 14px; }
        figcaption { font-weight: 600; margin-bottom: 6px; }
        svg .bar { fill: var(--bar); } svg .run { stroke: var(--bar); fill: none; } svg .run.poor { stroke: var(--bad); } svg rect.track { fill: var(--soft); } svg text { fill: var(--text); font: 10.5px system-ui, sans-serif; }
        svg.chart text { font-size: 12px; } svg .grid { stroke: var(--line); } svg .reference { stroke: var(--quiet); stroke-dasharray: 3 4; }
        .s0 { color: var(--s0); } .s1 { color: var(--s1); } .s2 { color: var(--s2); } .s3 { color: var(--s3); } .s4 { color: var(--s4); } .s5 { color: var(--s5); }
        .charts { display: flex; flex-wrap: wrap; gap: 12px 28px; align-items: flex-start; margin-top: 18px; } .charts table { width: auto; }
        .chosen { font-weight: 600; } td small { display: block; color: var(--quiet); font-weight: 400; }
        svg text.q { fill: var(--quiet); }
        footer { margin-top: 40px; color: var(--quiet); font-size: 13px; }
        @media (max-width: 720px) { td.nowrap { white-space: normal; } summary, .listhead { grid-template-columns: 92px minmax(0, 1fr) 74px; } summary .share, .listhead .share { display: none; } .more { padding-left: 14px; } .split { grid-template-columns: 1fr; } }
        @media print { body { background: #fff; } details > .more { display: block; } }

        """;
}
