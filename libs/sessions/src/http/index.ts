export { eventPosition } from './security-event.view.js';
export * from './security-events.controller.js';
export { sessionListView, toSessionView } from './session.view.js';
export * from './sessions.controller.js';
