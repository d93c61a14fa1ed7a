extension TourPage {
  /// The servers have the same colors as in the pictures; a number next to each color says the
  /// same.
  static let style = """
    :root{--player-line:var(--line);--player-quiet:var(--paper);--paper:#f3f3ee;--card:#fdfdfb;--ink:#1d1f23;--soft:#5a5e66;--line:#e0e0da}
    @media (prefers-color-scheme:dark){
    :root{--paper:#0e1013;--card:#16181c;--ink:#ececea;--soft:#a9adb5;--line:#2c3036}
    }
    *{box-sizing:border-box}
    body{margin:0;background:var(--paper);color:var(--ink);
    font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
    header,main,footer{max-width:1120px;margin:0 auto;padding:0 16px}
    header{padding-top:36px;padding-bottom:8px}
    h1{font-size:clamp(28px,5vw,44px);line-height:1.1;margin:0 0 12px;letter-spacing:-.02em}
    header p{max-width:62ch;margin:0;color:var(--soft);font-size:18px}
    h2{font-size:17px;margin:0 0 4px}
    section{margin:24px 0}
    .verdicts{display:grid;gap:12px;grid-template-columns:repeat(auto-fit,minmax(300px,1fr))}
    article{background:var(--card);border:1px solid var(--line);border-left:6px solid;
    border-radius:10px;padding:14px 16px}
    article p{margin:0;color:var(--soft);font-size:15px}
    \(Theme.borders)
    .pictures{columns:2 440px;column-gap:16px}
    figure{margin:0 0 16px;background:var(--card);border:1px solid var(--line);border-radius:10px;
    overflow:hidden;break-inside:avoid}
    figure svg{display:block;width:100%;height:auto}
    .scroll{overflow-x:auto;background:var(--card);border:1px solid var(--line);border-radius:10px}
    table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums;font-size:15px}
    th,td{padding:8px 14px;text-align:right;white-space:nowrap}
    th:first-child{text-align:left}
    tr+tr{border-top:1px solid var(--line)}
    tr:first-child th{color:var(--soft);font-weight:500;font-size:13px}
    footer{color:var(--soft);font-size:14px;padding-bottom:40px}
    code{font:.92em ui-monospace,"SF Mono",Menlo,Consolas,monospace;background:var(--line);
    padding:1px 5px;border-radius:4px}
    """
}
