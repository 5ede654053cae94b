/** The list that is used when none is named. Only this one falls back to the built-in sample. */
export const DEFAULT_LIST = { list_uid: 'yc', url: 'https://yc-oss.github.io/api/companies/all.json' } as const;
