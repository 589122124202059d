import type { HomeAnswer } from '@/api'

/** All leads that lists show; more than 10,000 of one kind are counted as 10,001. */
export function inTotal(now: HomeAnswer): number {
  return Object.values(now.leads).reduce((sum, each) => sum + each, 0)
}
