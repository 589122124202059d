import { notifications } from '@mantine/notifications'
import { keepPreviousData, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import {
  type ContentBody,
  type TemplateChange,
  archiveTemplate,
  bringTemplateBack,
  changeTemplate,
  checkTemplate,
  cloneTemplate,
  compareTemplateVersion,
  compareTemplateVersions,
  listLeads,
  listTemplateVariables,
  listTemplateVersions,
  listTemplates,
  makeTemplateDefault,
  previewGeneration,
  showTemplate,
} from '@/api'

export const templatesQuery = queryOptions({
  queryKey: ['templates', 'list'],
  queryFn: async ({ signal }) => (await listTemplates({ query: { archived: true }, signal })).items,
})

/** What came of each version: of all templates, or of one. */
export const learningQuery = (templateId?: string) =>
  queryOptions({
    queryKey: ['templates', 'learning', templateId ?? ''],
    queryFn: ({ signal }) =>
      compareTemplateVersions({ query: templateId ? { template_id: templateId } : {}, signal }),
  })

export const versionsQuery = (templateId: string) =>
  queryOptions({
    queryKey: ['templates', 'versions', templateId],
    queryFn: async ({ signal }) =>
      (await listTemplateVersions({ path: { template_id: templateId }, signal })).items,
  })

/** Versions never change, so what is different between two is asked for once. */
export const differencesQuery = (templateId: string, before: number, after: number) =>
  queryOptions({
    queryKey: ['templates', 'differences', templateId, before, after],
    queryFn: ({ signal }) =>
      compareTemplateVersion({
        path: { template_id: templateId, number: after },
        query: { since: before },
        signal,
      }),
    staleTime: Number.POSITIVE_INFINITY,
  })

export const variablesQuery = queryOptions({
  queryKey: ['templates', 'variables'],
  queryFn: ({ signal }) => listTemplateVariables({ signal }),
})

/** What is wrong with a content that is not saved yet. */
export const checkQuery = (content: ContentBody) =>
  queryOptions({
    queryKey: ['templates', 'check', content],
    queryFn: async ({ signal }) => (await checkTemplate({ body: content, signal })).problems,
    placeholderData: keepPreviousData,
    retry: false,
  })

/** What Claude would be asked for this lead; costs nothing. */
export const previewQuery = (leadId: string, content: ContentBody) =>
  queryOptions({
    queryKey: ['templates', 'preview', leadId, content],
    queryFn: ({ signal }) => previewGeneration({ body: { lead_id: leadId, content }, signal }),
    placeholderData: keepPreviousData,
    retry: false,
  })

export const leadChoicesQuery = (words: string) =>
  queryOptions({
    queryKey: ['templates', 'leads', words],
    queryFn: async ({ signal }) =>
      (await listLeads({ query: { limit: 20, ...(words ? { q: words } : {}) }, signal })).items,
    placeholderData: keepPreviousData,
  })

/** Put away, or taken up again. */
export function useShelveTemplate() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ id, version, archived }: { id: string; version: number; archived: boolean }) => {
      const change = { path: { template_id: id }, body: { version } }
      return archived ? bringTemplateBack(change) : archiveTemplate(change)
    },
    onSuccess: () => client.invalidateQueries({ queryKey: ['templates'] }),
  })
}

export const templateQuery = (templateId: string) =>
  queryOptions({
    queryKey: ['templates', 'one', templateId],
    queryFn: ({ signal }) => showTemplate({ path: { template_id: templateId }, signal }),
  })

export function useChangeTemplate(templateId: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: TemplateChange) => changeTemplate({ path: { template_id: templateId }, body }),
    onSuccess: (after) => {
      // Said here, not by the form: the form is a new one as soon as the next version is there.
      notifications.show({ color: 'spruce', message: 'The template is saved' })
      client.setQueryData(templateQuery(templateId).queryKey, after)
      return client.invalidateQueries({ queryKey: ['templates'] })
    },
    meta: { shown: 'inline' },
  })
}

export function useCloneTemplate() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ id, name }: { id: string; name: string }) =>
      cloneTemplate({ path: { template_id: id }, body: { name } }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['templates'] }),
    meta: { failure: 'The template was not copied' },
  })
}

export function useMakeDefault() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ id, version }: { id: string; version: number }) =>
      makeTemplateDefault({ path: { template_id: id }, body: { version } }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['templates'] }),
  })
}
