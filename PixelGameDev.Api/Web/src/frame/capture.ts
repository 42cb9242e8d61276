/**
 * Sends the events of a pressed pointer to an element until its release, also when the pointer leaves the element.
 *
 * A browser refuses it while the mouse is locked, and already while it is being locked, which a page cannot see. It refuses it, too, when
 * the pointer has gone. Neither may cost the press itself: then the events simply go where the browser sends them.
 */
export function capturePointer(element: Element, pointer: number): void {
  try {
    element.setPointerCapture(pointer);
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
  }
}
