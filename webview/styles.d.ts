/** Style sheets are imported for their effect on the bundle alone: esbuild writes them to `NAME.css` beside the script. */
declare module '*.css';
