import { keepPreviousData, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import {
  type AppSettings,
  type ReadAnswer,
  type Vendor,
  adopt as adoptStrangers,
  getReconciliation,
  release as releaseSending,
  run as startReconciliation,
  getStatus,
  getRead,
  getSettings,
  listAudit,
  listCampaigns,
  listModels,
  patchSettings,
  refresh,
  removeKey,
  setKey,
  verifyAudit,
} from '@/api'

export const PAGE = 50

export type AuditSearch = { actor?: string; action?: string; subject?: string }

export const auditQuery = (search: AuditSearch, cursor: string | undefined) =>
  queryOptions({
    queryKey: ['audit', 'list', search, cursor ?? ''],
    queryFn: ({ signal }) =>
      listAudit({ query: { ...search, limit: PAGE, ...(cursor ? { cursor } : {}) }, signal }),
    placeholderData: keepPreviousData,
  })

export function useVerifyAudit() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: () => verifyAudit(),
    onSuccess: () => client.invalidateQueries({ queryKey: ['audit'] }),
    meta: { failure: 'The record was not checked' },
  })
}

export const statusQuery = queryOptions({
  queryKey: ['operations', 'status'],
  queryFn: ({ signal }) => getStatus({ signal }),
  refetchInterval: 15_000,
})

export const settingsQuery = queryOptions({
  queryKey: ['settings', 'all'],
  queryFn: ({ signal }) => getSettings({ signal }),
})

function useRefreshSettings() {
  const client = useQueryClient()
  return () => {
    void client.invalidateQueries({ queryKey: ['session'] })
    void client.invalidateQueries({ queryKey: ['operations'] })
    return client.invalidateQueries({ queryKey: ['settings'] })
  }
}

export function useChangeSettings() {
  const refresh = useRefreshSettings()
  return useMutation({
    mutationFn: (changes: Partial<AppSettings>) => patchSettings({ body: changes }),
    onSuccess: refresh,
    meta: { shown: 'inline' },
  })
}

export function useVendorKey(vendor: Vendor) {
  const refresh = useRefreshSettings()
  return useMutation({
    mutationFn: (key: string | null) =>
      key === null ? removeKey({ path: { vendor } }) : setKey({ path: { vendor }, body: { key } }),
    onSuccess: refresh,
    meta: { shown: 'inline' },
  })
}

const ANSWER_WITHIN_MS = 60_000

/** What the vendor's account is, as far as the key may see. */
export type Found = { sentence: string; users: string[]; mailboxes: string[]; campaigns: string[] }

/** Asks the vendor something harmless; throws what went wrong, with the vendor's failure as its code. */
async function tryVendor(vendor: Vendor): Promise<Found> {
  if (vendor === 'anthropic') {
    const { items } = await listModels()
    return {
      sentence: `Claude answers; ${items.length} models can be used.`,
      users: [],
      mailboxes: [],
      campaigns: [],
    }
  }
  const { users } = await readAccount('check')
  await readAccount('campaigns')
  const { items } = await listCampaigns()
  return {
    sentence: 'Woodpecker answers, and the key is good.',
    users: users?.map(({ name, email }) => (name && name !== email ? `${name} (${email})` : email)) ?? [],
    mailboxes: [...new Set(items.flatMap(({ from_emails: from }) => from))].sort(),
    campaigns: items.map(({ name }) => name),
  }
}

/** The worker reads, since it alone speaks to Woodpecker. */
async function readAccount(kind: 'check' | 'campaigns'): Promise<ReadAnswer> {
  const asked = await refresh({ body: { kind } })
  const until = Date.now() + ANSWER_WITHIN_MS
  while (Date.now() < until) {
    const read = await getRead({ path: { read_id: asked.id } })
    if (read.status === 'done') return read
    if (read.status === 'failed') throw new ReadFailed(read.error_code ?? '', read.error ?? '')
    await new Promise((resolve) => setTimeout(resolve, 700))
  }
  throw new ReadFailed('deadline_passed', '')
}

export class ReadFailed extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message)
  }
}

export function useTryVendor() {
  return useMutation({ mutationFn: tryVendor, meta: { shown: 'inline' } })
}

export const modelsQuery = queryOptions({
  queryKey: ['settings', 'models'],
  queryFn: ({ signal }) => listModels({ signal }),
  staleTime: 10 * 60_000,
  retry: false,
})

export const reconciliationQuery = queryOptions({
  queryKey: ['operations', 'reconciliation'],
  queryFn: ({ signal }) => getReconciliation({ signal }),
  refetchInterval: ({ state }) => (state.data?.status === 'reading' ? 2000 : false),
})

const reconcile = { compare: startReconciliation, adopt: adoptStrangers, release: releaseSending }

export function useReconcile() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (verb: keyof typeof reconcile) => reconcile[verb](),
    onSuccess: (after) => {
      client.setQueryData(reconciliationQuery.queryKey, after)
      return client.invalidateQueries({ queryKey: ['operations'] })
    },
    meta: { shown: 'inline' },
  })
}
