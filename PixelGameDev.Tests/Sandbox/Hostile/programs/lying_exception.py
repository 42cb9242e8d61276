# idea: an exception that never finishes saying what it is
# stopped-by: Stop and the time limit kill the game from outside
# expect: ended
# ends: crashed|stopped
class Lie(Exception):
    def __str__(self):
        while True:
            pass

    __repr__ = __str__


raise Lie
