import { Stack } from '@mantine/core'
import { IconArrowLeft } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { LinkText } from '@/components/links'
import { Loaded } from '@/components/loaded'
import { PageHeader } from '@/components/page-header'
import { templateQuery } from './api'
import { LearningTable } from './learning-table'
import { TemplateForm } from './template-form'
import { VersionsPanel } from './versions-panel'

const route = getRouteApi('/templates/$templateId')

export function TemplatePage() {
  const { templateId } = route.useParams()
  const query = useQuery(templateQuery(templateId))
  return (
    <Stack gap="md" maw={960}>
      <Loaded query={query} rows={8}>
        {(template) => (
          <>
            <PageHeader
              title={template.name}
              description={`Version ${template.current_version}. A change makes the next version; texts keep the one they were written with.`}
              above={
                <LinkText to="/templates" fz="sm">
                  <IconArrowLeft size={14} aria-hidden style={{ verticalAlign: 'middle' }} /> Templates
                </LinkText>
              }
            />
            <TemplateForm key={template.version} template={template} />
            <VersionsPanel key={`versions-${template.version}`} templateId={template.id} />
            <LearningTable templateId={template.id} />
          </>
        )}
      </Loaded>
    </Stack>
  )
}
