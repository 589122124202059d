import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import {
  type TemplateChange,
  changeTemplate,
  cloneTemplate,
  listTemplates,
  makeTemplateDefault,
  showTemplate,
} from '@/api'

export const templatesQuery = queryOptions({
  queryKey: ['templates', 'list'],
  queryFn: async ({ signal }) => (await listTemplates({ signal })).items,
})

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
