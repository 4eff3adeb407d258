/** What Vite makes of files at build time, as far as these tests use it. */
interface ImportMeta {
  glob(pattern: string, options: { query: string; import: 'default'; eager: true }): Record<string, string>;
}
