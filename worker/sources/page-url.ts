import { textOf } from './read.ts';

/** The address of a page without what its query may carry: tokens, searches, names. `keepsCampaign` keeps its utm words. */
export function withoutQuery(address: string, keepsCampaign: boolean): string | null {
  if (!URL.canParse(address)) return null;
  const url = new URL(address);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return null;
  const campaign = new URLSearchParams([...url.searchParams].filter(([name]) => /^utm_[a-z]+$/.test(name)));
  const query = keepsCampaign && campaign.size > 0 ? `?${campaign}` : '';
  return textOf(url.origin + url.pathname + query, 1000);
}
