"""Lets the names of fonts that other systems have stand for a font of the image: SysFont("simhei") shows Chinese, not boxes.

pygame does the same for Latin letters: "arial" is FreeSans or DejaVu Sans where there is no Arial.
"""

_CHINESE_JAPANESE_KOREAN = """
    simhei simsun nsimsun kaiti fangsong microsoftyahei microsoftyaheiui dengxian mingliu pmingliu microsoftjhenghei
    msgothic mspgothic msuigothic msmincho mspmincho meiryo meiryoui yugothic yugothicui yumincho
    malgungothic gulim gulimche dotum batang gungsuh nanumgothic applegothic applemyungjo applesdgothicneo
    pingfang pingfangsc pingfangtc pingfanghk stheiti stsong stkaiti heitisc heititc songtisc songtitc hiraginosans hiraginosansgb
    hiraginokakugothicpron hiraginokakugothicpro hiraginomaruropron osaka
    notosanscjk notosanscjksc notosanscjktc notosanscjkjp notosanscjkkr notoserifcjksc notoserifcjktc notoserifcjkjp notoserifcjkkr
    notosanssc notosanstc notosansjp notosanskr sourcehansanssc sourcehansanstc sourcehansansjp sourcehansanskr
    arialunicodems arialunicode wenquanyizenhei wqyzenhei wqymicrohei droidsansfallback takaogothic ipagothic ipaexgothic vlgothic
"""
_EMOJI = "segoeuiemoji segoeuisymbol applecoloremoji applesymbols notocoloremoji notoemoji emojione twemojimozilla"
_ARABIC_HEBREW = "arabictypesetting traditionalarabic simplifiedarabic geezapro notosansarabic notosanshebrew david miriam arialhebrew"
# Names on other systems → a font of the image.
_NAMES = ((_CHINESE_JAPANESE_KOREAN, "wenquanyimicrohei"), (_EMOJI, "symbola"), (_ARABIC_HEBREW, "dejavusans"))


def install(pygame):
    sysfont = pygame.sysfont
    real_init = sysfont.initsysfonts

    def initsysfonts():
        result = real_init()
        for names, font in _NAMES:
            if font in sysfont.Sysfonts:
                for name in names.split():
                    sysfont.Sysalias.setdefault(name, sysfont.Sysfonts[font])
        return result

    sysfont.initsysfonts = initsysfonts
