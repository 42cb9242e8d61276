# idea: print without end
# stopped-by: GameHost's rate limit of the console
# expect: ended
# ends: output_limit|stopped
while True:
    print("x" * 1000)
