/**
 * Keeps Node.js 22 from telling users of the command that SQLite is experimental: of SQLite it has the locks alone. All
 * other warnings are shown. To be called before anything imports `node:sqlite`.
 */
export function silenceSqliteWarning(): void {
  const emitWarning = process.emitWarning.bind(process);
  process.emitWarning = (warning: string | Error, ...rest: readonly unknown[]): void => {
    const isAboutSqlite = rest[0] === "ExperimentalWarning" && String(warning).startsWith("SQLite ");
    if (!isAboutSqlite) Reflect.apply(emitWarning, process, [warning, ...rest]);
  };
}
