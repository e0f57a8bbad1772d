import { z } from 'zod';

/** What the settings reference says of a setting beside its name. */
export interface SettingNotes {
  readonly meaning: string;
  /** The default as people read it. */
  readonly fallback: string;
  readonly secret?: boolean;
}

const notesOfSettings = z.registry<SettingNotes>();

/** A setting of a section: what it may be, and what the reference says of it. */
export function setting<Schema extends z.ZodType>(
  schema: Schema,
  notes: SettingNotes,
): z.ZodOptional<Schema> {
  const optional = schema.optional();
  notesOfSettings.add(optional, notes);
  return optional;
}

/** What the reference says of a setting; undefined where the schema is that of a section. */
export function notesOf(schema: z.ZodType): SettingNotes | undefined {
  return notesOfSettings.get(schema);
}
