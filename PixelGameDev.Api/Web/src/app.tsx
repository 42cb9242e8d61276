import type { JSX } from 'preact';
import { ErrorBoundary, LocationProvider, lazy, Route, Router } from 'preact-iso';
import { readAddress } from './frame/address';
import { Dialogs } from './frame/dialogs';
import { PageBar } from './frame/pageBar';
import { Toasts } from './frame/toasts';
import { NotFoundPage } from './pages/notFound/notFoundPage';

/** Pages are loaded on demand: only the studio needs the editor, which is the largest part. */
const StudioPage = lazy(() => import('./pages/studio/studioPage'));
const AccountPage = lazy(() => import('./pages/account/accountPage'));
const SetUpPage = lazy(() => import('./pages/setUp/setUpPage'));
const AdminPage = lazy(() => import('./pages/admin/adminPage'));
const GalleryPage = lazy(() => import('./pages/gallery/galleryPage'));
const ProjectsPage = lazy(() => import('./pages/projects/projectsPage'));

/** Shows the studio with the last game of this browser. */
function HomeRoute(): JSX.Element {
  return <StudioPage />;
}

/** Shows the studio with the game of the address. */
function ProjectRoute({ id }: { id: string }): JSX.Element {
  return readAddress(`/projects/${id}`).kind === 'project' ? <StudioPage project={id} /> : <NowhereRoute />;
}

function NowhereRoute(): JSX.Element {
  return <NotFoundPage what="page" />;
}

/** Addresses of other documents, which the browser itself loads: the pages of shared games, and the Api. */
const ours = /^\/(?!play\/|api\/)/;

/** Draws the whole page: one route, and what all pages share. Keep the routes in step with address.ts and PageServing.cs. */
export function App(): JSX.Element {
  return (
    <LocationProvider scope={ours}>
      <PageBar />
      <ErrorBoundary>
        <Router>
          <Route path="/" component={HomeRoute} />
          <Route path="/index.html" component={HomeRoute} />
          <Route path="/projects" component={ProjectsPage} />
          <Route path="/projects/:id" component={ProjectRoute} />
          <Route path="/gallery" component={GalleryPage} />
          <Route path="/account" component={AccountPage} />
          <Route path="/admin" component={AdminPage} />
          <Route path="/set-up" component={SetUpPage} />
          <Route default component={NowhereRoute} />
        </Router>
      </ErrorBoundary>
      <Toasts />
      <Dialogs />
    </LocationProvider>
  );
}
