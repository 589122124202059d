import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import {
  type ImportAnswer,
  commitImport,
  createImport,
  getImport,
  listImportIssues,
  listImports,
  undoImport,
  updateImport,
} from '@/api'
import { idempotencyKey } from '@/lib/idempotency'
import { refetchWhile } from '@/lib/run-states'

export type Mapping = Record<string, string | null>
export type ReadingChoice = { encoding?: string; delimiter?: string; header_row?: number; sheet?: string }
export type CommitChoice = { mapping: Mapping; on_duplicate: 'skip' | 'fill' | 'overwrite'; note: string }

export const importQuery = (importId: string) =>
  queryOptions({
    queryKey: ['imports', 'one', importId],
    queryFn: ({ signal }) => getImport({ path: { import_id: importId }, signal }),
    refetchInterval: ({ state }) => refetchWhile(state.data?.status),
  })

export const issuesQuery = (
  importId: string,
  version: string,
  code: string | undefined,
  cursor: string | undefined,
) =>
  queryOptions({
    queryKey: ['imports', 'issues', importId, version, code ?? '', cursor ?? ''],
    queryFn: ({ signal }) =>
      listImportIssues({
        path: { import_id: importId },
        query: { limit: 50, ...(code ? { code } : {}), ...(cursor ? { cursor } : {}) },
        signal,
      }),
  })

export function useUpload() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (file: File) => createImport({ body: { file } }),
    onSuccess: (created) => client.setQueryData(importQuery(created.id).queryKey, created),
    meta: { shown: 'inline' },
  })
}

/** Changes how the file is read or what its columns mean; the answer carries the new counts and problems. */
export function useReadAgain(importId: string) {
  const client = useQueryClient()
  const { queryKey } = importQuery(importId)
  return useMutation({
    mutationFn: (change: ReadingChoice & { mapping?: Mapping }) =>
      updateImport({ path: { import_id: importId }, body: change }),
    onMutate: async ({ mapping }) => {
      await client.cancelQueries({ queryKey })
      const before = client.getQueryData<ImportAnswer>(queryKey)
      if (before && mapping) client.setQueryData<ImportAnswer>(queryKey, withMapping(before, mapping))
      return { before }
    },
    onError: (_error, _change, context) => client.setQueryData(queryKey, context?.before),
    onSuccess: (after) => {
      client.setQueryData(queryKey, after)
      return client.invalidateQueries({ queryKey: ['imports', 'issues', importId] })
    },
    meta: { failure: 'The file could not be read that way' },
  })
}

export function withMapping(record: ImportAnswer, mapping: Mapping): ImportAnswer {
  return {
    ...record,
    columns: record.columns.map((column) =>
      column.name in mapping ? { ...column, field: mapping[column.name] ?? null } : column,
    ),
  }
}

export function useCommit(importId: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: CommitChoice) =>
      commitImport({
        path: { import_id: importId },
        body,
        headers: { 'idempotency-key': idempotencyKey() },
      }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['imports'] }),
    meta: { shown: 'inline' },
  })
}

export function useUndo(importId: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: () => undoImport({ path: { import_id: importId } }),
    onSuccess: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: ['imports'] }),
        client.invalidateQueries({ queryKey: ['leads'] }),
      ]),
    meta: { failure: 'The import was not undone' },
  })
}

export const importsQuery = queryOptions({
  queryKey: ['imports', 'list'],
  queryFn: async ({ signal }) => (await listImports({ query: { limit: 8 }, signal })).items,
})
