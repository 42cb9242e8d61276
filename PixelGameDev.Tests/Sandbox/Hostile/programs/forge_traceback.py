# idea: an error report that claims to be in a file of the host
# stopped-by: reports name files of the project only, as text; nobody opens them
# expect: ended
# ends: crashed
exec(compile("raise RuntimeError('see line 1')", "/etc/shadow", "exec"))
