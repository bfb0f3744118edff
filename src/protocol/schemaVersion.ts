/** Version of everything written to disk or sent between processes. A reader accepts this and older ones, and refuses newer ones by name. */
export const SCHEMA_VERSION = 1;
