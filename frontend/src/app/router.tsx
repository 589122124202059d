import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  type SearchSchemaInput,
} from '@tanstack/react-router'
import { type Raw, compact, oneOf, text } from '@/lib/search'
import { leadFilterFrom, selectionSearchFrom } from '@/lib/selection'
import { Gate } from './gate'
import { PageError, PageNotFound } from './page-error'

/** Every page loads its own code; search parameters are typed, so that a link keeps its filters. */
const root = createRootRoute({ component: Gate, notFoundComponent: PageNotFound })
const parent = { getParentRoute: () => root }
type Input = Raw & SearchSchemaInput

const home = createRoute({
  ...parent,
  path: '/',
  component: lazyRouteComponent(() => import('@/features/home/home-page'), 'HomePage'),
})

const importStart = createRoute({
  ...parent,
  path: '/import',
  component: lazyRouteComponent(() => import('@/features/imports/import-start-page'), 'ImportStartPage'),
})

const importOne = createRoute({
  ...parent,
  path: '/import/$importId',
  component: lazyRouteComponent(() => import('@/features/imports/import-page'), 'ImportPage'),
})

const leads = createRoute({
  ...parent,
  path: '/leads',
  validateSearch: (raw: Input) => compact({ ...leadFilterFrom(raw), sort: text(raw, 'sort') }),
  component: lazyRouteComponent(() => import('@/features/leads/leads-page'), 'LeadsPage'),
})

const lead = createRoute({
  ...parent,
  path: '/leads/$leadId',
  component: lazyRouteComponent(() => import('@/features/leads/lead-page'), 'LeadPage'),
})

const runs = createRoute({
  ...parent,
  path: '/runs',
  component: lazyRouteComponent(() => import('@/features/generation/runs-page'), 'RunsPage'),
})

const generationNew = createRoute({
  ...parent,
  path: '/generations/new',
  validateSearch: (raw: Input) => selectionSearchFrom(raw),
  component: lazyRouteComponent(
    () => import('@/features/generation/new-generation-page'),
    'NewGenerationPage',
  ),
})

const generation = createRoute({
  ...parent,
  path: '/generations/$generationId',
  component: lazyRouteComponent(() => import('@/features/generation/generation-page'), 'GenerationPage'),
})

const review = createRoute({
  ...parent,
  path: '/review',
  validateSearch: (raw: Input) =>
    compact({
      status: oneOf(raw, 'status', ['draft', 'approved', 'rejected', 'exported'] as const),
      flagged: oneOf(raw, 'flagged', ['yes', 'no'] as const),
      owner: text(raw, 'owner'),
      company: text(raw, 'company'),
      run_id: text(raw, 'run_id'),
      q: text(raw, 'q'),
      only: text(raw, 'only'),
      sort: text(raw, 'sort'),
      id: text(raw, 'id'),
    }),
  component: lazyRouteComponent(() => import('@/features/review/review-page'), 'ReviewPage'),
})

const exportsList = createRoute({
  ...parent,
  path: '/exports',
  component: lazyRouteComponent(() => import('@/features/exports/exports-page'), 'ExportsPage'),
})

const exportNew = createRoute({
  ...parent,
  path: '/exports/new',
  validateSearch: (raw: Input) => compact({ ...selectionSearchFrom(raw), campaign: text(raw, 'campaign') }),
  component: lazyRouteComponent(() => import('@/features/exports/new-export-page'), 'NewExportPage'),
})

const exportOne = createRoute({
  ...parent,
  path: '/exports/$exportId',
  validateSearch: (raw: Input) => compact({ status: text(raw, 'status') }),
  component: lazyRouteComponent(() => import('@/features/exports/export-page'), 'ExportPage'),
})

const history = createRoute({
  ...parent,
  path: '/history',
  validateSearch: (raw: Input) =>
    compact({
      q: text(raw, 'q'),
      email: text(raw, 'email'),
      status: text(raw, 'status'),
      campaign_id: text(raw, 'campaign_id'),
      user: text(raw, 'user'),
      from: text(raw, 'from'),
      to: text(raw, 'to'),
    }),
  component: lazyRouteComponent(() => import('@/features/history/history-page'), 'HistoryPage'),
})

const contact = createRoute({
  ...parent,
  path: '/contacts/$email',
  component: lazyRouteComponent(() => import('@/features/history/contact-page'), 'ContactPage'),
})

const company = createRoute({
  ...parent,
  path: '/companies/$domain',
  component: lazyRouteComponent(() => import('@/features/history/company-page'), 'CompanyPage'),
})

const audit = createRoute({
  ...parent,
  path: '/audit',
  validateSearch: (raw: Input) =>
    compact({ actor: text(raw, 'actor'), action: text(raw, 'action'), subject: text(raw, 'subject') }),
  component: lazyRouteComponent(() => import('@/features/operations/audit-page'), 'AuditPage'),
})

const templates = createRoute({
  ...parent,
  path: '/templates',
  component: lazyRouteComponent(() => import('@/features/templates/templates-page'), 'TemplatesPage'),
})

const template = createRoute({
  ...parent,
  path: '/templates/$templateId',
  component: lazyRouteComponent(() => import('@/features/templates/template-page'), 'TemplatePage'),
})

const doNotContact = createRoute({
  ...parent,
  path: '/do-not-contact',
  validateSearch: (raw: Input) => compact({ q: text(raw, 'q') }),
  component: lazyRouteComponent(() => import('@/features/leads/do-not-contact-page'), 'DoNotContactPage'),
})

const team = createRoute({
  ...parent,
  path: '/team',
  component: lazyRouteComponent(() => import('@/features/accounts/team-page'), 'TeamPage'),
})

const settings = createRoute({
  ...parent,
  path: '/settings',
  component: lazyRouteComponent(() => import('@/features/operations/settings-page'), 'SettingsPage'),
})

const operations = createRoute({
  ...parent,
  path: '/operations',
  component: lazyRouteComponent(() => import('@/features/operations/operations-page'), 'OperationsPage'),
})

export const router = createRouter({
  routeTree: root.addChildren([
    home,
    importStart,
    importOne,
    leads,
    lead,
    runs,
    generationNew,
    generation,
    review,
    exportsList,
    exportNew,
    exportOne,
    history,
    contact,
    company,
    audit,
    templates,
    template,
    doNotContact,
    team,
    settings,
    operations,
  ]),
  defaultPreload: 'intent',
  defaultErrorComponent: PageError,
  defaultNotFoundComponent: PageNotFound,
  scrollRestoration: true,
})

export type AppRouter = typeof router

declare module '@tanstack/react-router' {
  interface Register {
    router: AppRouter
  }
}
