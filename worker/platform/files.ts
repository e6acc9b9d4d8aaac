/** Where bytes too large for the database are kept: what is needed of an R2 bucket. */
export type Files = Pick<R2Bucket, 'put' | 'get'>;
