# idea: use up the user's epoll watches (4 % of the memory for all together): then no service of that user can take a connection
# stopped-by: the seccomp profile: no epoll; Python's selectors take poll
# expect: blocked
# ends: finished
# subprocess: not held, no seccomp profile
# proof: no-seccomp
import asyncio
import select
import selectors

from hostile import attempt, escaped, syscall

attempt("epoll_create1", lambda: select.epoll().close())
attempt("epoll_create", syscall, 213, 1)


async def main():
    await asyncio.sleep(0.01)


asyncio.run(main())
