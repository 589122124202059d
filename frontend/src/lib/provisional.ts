// Provisional: deleted when the rooms below have routes.
import { ApiError } from '@/lib/problem'

export type Page<T> = { items: T[]; next_cursor: string | null; total: number; total_capped: boolean }
export type SessionAnswer = {
  user_id: string
  email: string
  name: string
  role: string
  permissions: string[]
  vendors: Record<string, string>
}
export type Lead = {
  id: string
  email: string
  first_name: string
  last_name: string
  company: string
  title: string
  phone: string
  website: string
  linkedin_url: string
  industry: string
  city: string
  state: string
  country: string
  time_zone: string
  custom: Record<string, unknown>
  owner_id: string | null
  sandbox: boolean
  status: string
  version: number
  created_at: string
  updated_at: string
}
export type TimelineEntry = { at: string; kind: string; text: string; user: string | null }
export type Flag = { code: string; severity: 'blocking' | 'warning' | 'note'; message: string }
export type Snippet = {
  number: number
  kind: string
  day: number
  text: string
  original_text: string
  flags: Flag[]
}
export type Sequence = {
  id: string
  lead_id: string
  template_version: number | null
  status: string
  version: number
  snippets: Snippet[]
}
export type ImportColumn = { name: string; sample: string[]; field: string | null }
export type ImportIssue = { row: number; column: string | null; code: string; message: string }
export type Import = {
  id: string
  status: string
  filename: string
  encoding: string
  delimiter: string
  header_row: number
  row_count: number
  columns: ImportColumn[]
  issues: ImportIssue[]
  issues_total: number
  counts: Record<string, number>
  error?: string | null
}
export type Generation = {
  id: string
  status: string
  counts: { total: number; done: number; flagged: number; failed: number }
  cost: { input_tokens: number; output_tokens: number; usd: string; uncertain_usd: string }
}
export type Campaign = {
  id: string
  name: string
  status: string
  mails_on_enrol: 'yes' | 'no' | 'unknown'
  prospects: number | null
  from_emails: string[]
  per_day: number | null
  time_zone: string | null
  last_error: string | null
}
export type Export = {
  id: string
  status: string
  reason: string | null
  campaign_id: string
  campaign_name: string
  created_at: string
  sandbox: boolean
  counts: Record<string, number>
  finished_at: string | null
  created_by: string | null
}
export type ExportItem = {
  id: string
  lead_id: string
  email: string
  status: string
  error_code: string | null
  error: string | null
  attempts: number
  content_differs: boolean
  fields: Record<string, string>
  updated_at: string
}
export type Plan = {
  plan_id: string
  counts: { new: number; excluded: number }
  excluded: Record<string, number>
  membership_as_of: string | null
  items: {
    lead_id: string
    email: string
    decision: string
    detail?: string | null
    fields: Record<string, string>
  }[]
  items_total: number
}
export type Fit = { readable: boolean; steps: unknown[]; blocking: string[]; warnings: string[] }
export type Attempt = {
  id: string
  export_id: string
  lead_id: string
  email: string
  campaign_id: string
  campaign_name: string
  status: string
  error_code: string | null
  error: string | null
  attempt: number
  user: string | null
  sequence_id: string
  template_name: string | null
  template_version: number | null
  approved_by: string | null
  approved_at: string | null
  approval: string | null
  first_mailed_at: string | null
  held: boolean | null
  started_at: string
  finished_at: string | null
}
export type HistorySummary = {
  days: ({ day: string } & Record<string, number | string>)[]
  totals: Record<string, number>
}
export type AuditEntry = {
  id: string
  at: string
  user: string | null
  action: string
  subject: string | null
  detail: unknown
}
export type DoNotContact = {
  id: string
  kind: string
  value: string
  reason: string
  list_name: string | null
  until: string | null
  created_by: string | null
  created_at: string
}
export type User = {
  id: string
  email: string
  name: string
  role: string
  disabled: boolean
  created_at: string
  last_seen_at: string | null
}
export type Token = {
  id: string
  name: string
  created_at: string
  last_used_at: string | null
  expires_at: string | null
  token?: string
}
export type Template = {
  id: string
  name: string
  is_default: boolean
  version: number
  current_version: number
  system_text: string
  person_text: string
  brief: {
    company: string
    product: string
    proof_points: string[]
    voice: string
    forbidden_words: string[]
  }
  shape: {
    number: number
    kind: string
    day: number
    instruction: string
    target: number | null
    limit: number | null
  }[]
}
export type Operations = {
  version: string
  environment: string
  sending: string
  sending_reason: string | null
  parts: { name: string; ok: boolean; detail: string }[]
  disk: { free: number; total: number }
  last_backup_at: string | null
}

type Options = {
  path?: Record<string, string>
  query?: object
  body?: unknown
  headers?: Record<string, string>
  signal?: AbortSignal
}
const call =
  <T>(method: string, url: string) =>
  async ({ path = {}, query = {}, body, headers = {}, signal }: Options = {}): Promise<T> => {
    const address = url.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(path[name] ?? ''))
    const search = new URLSearchParams(
      Object.entries(query)
        .filter(([, v]) => v !== undefined)
        .map(([k, v]) => [k, String(v)]),
    ).toString()
    const form = body && typeof body === 'object' && 'file' in body ? new FormData() : null
    if (form) form.append('file', (body as { file: File }).file)
    const response = await globalThis.fetch(address + (search ? `?${search}` : ''), {
      method,
      signal: signal ?? null,
      body: form ?? (body === undefined ? null : JSON.stringify(body)),
      headers: form || body === undefined ? headers : { 'Content-Type': 'application/json', ...headers },
    })
    const data: unknown = response.status === 204 ? undefined : await response.json()
    if (!response.ok) throw new ApiError(response.status, data as Record<string, unknown>)
    return data as T
  }

export const whoAmI = call<SessionAnswer>('GET', '/api/session')
export const signIn = call<SessionAnswer>('POST', '/api/session')
export const signOut = call<undefined>('DELETE', '/api/session')
export const createImport = call<Import>('POST', '/api/imports')
export const listImports = call<Page<Import>>('GET', '/api/imports')
export const getImport = call<Import>('GET', '/api/imports/{import_id}')
export const updateImport = call<Import>('PATCH', '/api/imports/{import_id}')
export const commitImport = call<Import>('POST', '/api/imports/{import_id}/commit')
export const undoImport = call<Import>('POST', '/api/imports/{import_id}/undo')
export const listImportIssues = call<Page<ImportIssue>>('GET', '/api/imports/{import_id}/issues')
export const listLeads = call<Page<Lead>>('GET', '/api/leads')
export const countLeads = call<{ count: number }>('POST', '/api/leads/count')
export const getLead = call<Lead>('GET', '/api/leads/{lead_id}')
export const updateLead = call<Lead>('PATCH', '/api/leads/{lead_id}')
export const deleteLead = call<undefined>('DELETE', '/api/leads/{lead_id}')
export const bulkLeads = call<{ changed: number }>('POST', '/api/leads/bulk')
export const getLeadTimeline = call<{ items: TimelineEntry[] }>('GET', '/api/leads/{lead_id}/timeline')
export const getLeadSequence = call<Sequence>('GET', '/api/leads/{lead_id}/sequence')
export type UserAnswer = {
  id: string
  email: string
  name: string
  role: string
  disabled: boolean
  version: number
  created_at: string
}
export type TokenAnswer = {
  id: string
  user_id: string
  name: string
  created_at: string
  expires_at: string | null
  secret?: string | null
}
export type TemplateRow = {
  id: string
  name: string
  is_default: boolean
  archived: boolean
  current_version: number
  version: number
  created_at: string
}
export type SnippetShapeBody = {
  number: number
  kind: 'subject' | 'email' | 'linkedin_note' | 'bump' | 'breakup'
  day: number
  instruction: string
  unit: 'characters' | 'words'
  target_min: number
  target_max: number
  limit: number
  formatting?: string
}
export type BriefBody = {
  company?: string
  product?: string
  proof_points?: string[]
  voice?: string
  forbidden_words?: string[]
}
export type TemplateChange = {
  version: number
  name: string
  system_text: string
  brief: BriefBody
  person_text: string
  shape: SnippetShapeBody[]
}
export type TemplateShown = TemplateRow & {
  content: { system_text: string; brief: BriefBody; person_text: string; shape: SnippetShapeBody[] }
  problems: { severity: string; field: string; code: string; message: string }[]
}
export type EstimateAnswer = {
  leads: number
  estimated: { input_tokens: number; output_tokens: number; usd: string; seconds: number }
  batch: { usd: string; hours: number } | null
}
export type GenerationAnswer = Generation & { status_reason?: string | null }
export type FlagAnswer = Flag
export type SnippetAnswer = Snippet & { unit: string; target_max: number | null; limit: number | null }
export type SequenceAnswer = Omit<Sequence, 'snippets'> & { snippets: SnippetAnswer[] }
export type SequenceRow = {
  id: string
  lead_id: string
  lead_name: string
  email: string
  company: string
  status: string
  blocking_flags: number
  warning_flags: number
}
export type SequencePage = Page<SequenceRow>
export type CampaignAnswer = Campaign
export type CampaignsAnswer = { items: Campaign[]; fetched_at: string | null }
type ItemCounts = Record<
  | 'total'
  | 'queued'
  | 'sending'
  | 'unknown'
  | 'added'
  | 'already_in_campaign'
  | 'rejected'
  | 'failed'
  | 'cancelled'
  | 'skipped',
  number
>
export type ExportAnswer = Omit<Export, 'counts'> & { counts: ItemCounts }
export type ExportItemAnswer = ExportItem
export type PlanAnswer = Plan
export type PlanItem = Plan['items'][number]
export type AttemptAnswer = Attempt
export type AuditAnswer = {
  id: string
  at: string
  actor: string | null
  action: string
  subject: string | null
}
export const listUsers = call<Page<UserAnswer>>('GET', '/api/users')
export const createUser = call<UserAnswer>('POST', '/api/users')
export const changeUser = call<UserAnswer>('PATCH', '/api/users/{user_id}')
export const setPassword = call<undefined>('PUT', '/api/users/{user_id}/password')
export const listTokens = call<Page<TokenAnswer>>('GET', '/api/tokens')
export const createToken = call<TokenAnswer>('POST', '/api/tokens')
export const revokeToken = call<undefined>('DELETE', '/api/tokens/{token_id}')
export const listTemplates = call<Page<TemplateRow>>('GET', '/api/templates')
export const showTemplate = call<TemplateShown>('GET', '/api/templates/{template_id}')
export const changeTemplate = call<TemplateShown>('PUT', '/api/templates/{template_id}')
export const cloneTemplate = call<TemplateShown>('POST', '/api/templates/{template_id}/clone')
export const makeTemplateDefault = call<TemplateRow>('POST', '/api/templates/{template_id}/default')
export const createGeneration = call<GenerationAnswer & EstimateAnswer>('POST', '/api/generations')
export const getGeneration = call<GenerationAnswer>('GET', '/api/generations/{generation_id}')
export const pauseGeneration = call<GenerationAnswer>('POST', '/api/generations/{generation_id}/pause')
export const resumeGeneration = call<GenerationAnswer>('POST', '/api/generations/{generation_id}/resume')
export const cancelGeneration = call<GenerationAnswer>('POST', '/api/generations/{generation_id}/cancel')
export const listSequences = call<SequencePage>('GET', '/api/sequences')
export const getSequence = call<SequenceAnswer>('GET', '/api/sequences/{sequence_id}')
export const updateSequence = call<SequenceAnswer>('PATCH', '/api/sequences/{sequence_id}')
export const approveSequences = call<{ approved: number }>('POST', '/api/sequences/approve')
export const rejectSequences = call<{ rejected: number }>('POST', '/api/sequences/reject')
export const regenerateSequence = call<{ id: string }>('POST', '/api/sequences/{sequence_id}/regenerate')
export const listCampaigns = call<CampaignsAnswer>('GET', '/api/campaigns')
export const refreshCampaigns = call<undefined>('POST', '/api/campaigns/refresh')
export const getCampaignFit = call<Fit>('GET', '/api/campaigns/{campaign_id}/fit')
export const createExport = call<ExportAnswer & PlanAnswer>('POST', '/api/exports')
export const listExports = call<Page<ExportAnswer>>('GET', '/api/exports')
export const getExport = call<ExportAnswer>('GET', '/api/exports/{export_id}')
export const listExportItems = call<Page<ExportItemAnswer>>('GET', '/api/exports/{export_id}/items')
export const pauseExport = call<ExportAnswer>('POST', '/api/exports/{export_id}/pause')
export const resumeExport = call<ExportAnswer>('POST', '/api/exports/{export_id}/resume')
export const cancelExport = call<ExportAnswer>('POST', '/api/exports/{export_id}/cancel')
export const retryExport = call<ExportAnswer>('POST', '/api/exports/{export_id}/retry')
export const listHistory = call<Page<AttemptAnswer>>('GET', '/api/history')
export const historySummary = call<{ days: { day: string; status: string; count: number }[] }>(
  'GET',
  '/api/history/summary',
)
export const listAudit = call<Page<AuditAnswer>>('GET', '/api/audit')
export const verifyAudit = call<{ ok: boolean; checked: number; first_bad_id: string | null }>(
  'POST',
  '/api/audit/verify',
)
