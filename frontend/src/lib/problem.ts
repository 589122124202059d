/** What the API says when something is wrong (RFC 9457), as an error the pages can show. */

export type FieldProblem = { field: string; code: string; message: string }

export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly status: number
  readonly code: string
  readonly requestId: string | null
  readonly errors: FieldProblem[]
  /** The whole body: a version conflict carries the present record in `current`. */
  readonly body: Record<string, unknown>

  constructor(status: number, body: Record<string, unknown>) {
    super(text(body.detail) ?? text(body.title) ?? fallbackSentence(status))
    this.status = status
    this.code = text(body.code) ?? 'internal_error'
    this.requestId = text(body.request_id)
    this.errors = Array.isArray(body.errors) ? body.errors.filter(isFieldProblem) : []
    this.body = body
  }

  /** The sentence for one field, if the server named it. */
  fieldMessage(field: string): string | undefined {
    return this.errors.find((problem) => problem.field === field || problem.field.endsWith(`.${field}`))
      ?.message
  }
}

function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null
}

function isFieldProblem(value: unknown): value is FieldProblem {
  return typeof value === 'object' && value !== null && 'field' in value && 'message' in value
}

function fallbackSentence(status: number): string {
  if (status === 0) return 'The server cannot be reached. Check your connection; your edits are kept here.'
  if (status === 413) return 'That is too large for the server.'
  if (status === 502 || status === 503) return 'The server is not ready yet. Try again in a moment.'
  return 'Something went wrong on the server. Try again; if it stays, report the id below.'
}

/** Whatever a request threw, in the one shape the pages know. */
export function toApiError(error: unknown, response?: Response): ApiError {
  if (error instanceof ApiError) return error
  const status = response?.status ?? 0
  if (typeof error === 'object' && error !== null && !(error instanceof Error)) {
    return new ApiError(status, error as Record<string, unknown>)
  }
  return new ApiError(status, {})
}

export function isStatus(error: unknown, status: number): error is ApiError {
  return error instanceof ApiError && error.status === status
}
