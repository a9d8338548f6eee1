"""Cuts the font of the still map to the letters of Arabic, Persian, Urdu and Balochi.

    apt-get download fonts-noto-core && dpkg -x fonts-noto-core_*.deb .
    python fonts.py usr/share/fonts/truetype/noto/NotoNaskhArabic-Regular.ttf

What joins letters and places marks is kept; hints are not, since they are drawn large.
"""

import sys

from fontTools import subset

FEATURES = "ccmp,isol,init,medi,fina,rlig,liga,calt,mark,mkmk,rclt"

subset.main(
    [
        sys.argv[1],
        # The space, the block Arabic, joiners and marks of direction.
        "--unicodes=U+0020,U+0600-06FF,U+200C-200F",
        f"--layout-features={FEATURES}",
        "--no-hinting",
        "--desubroutinize",
        "--name-IDs=0,1,2,4,6,13,14",
        "--output-file=../fonts/NotoNaskhArabic-Regular-subset.ttf",
    ]
)
