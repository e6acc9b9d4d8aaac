/** Anything JSON can say. What a touchpoint keeps beside its columns is of this type. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
