# ruff: noqa: E501 - wide scripts count double
"""Short texts, written for this project, on which tokens per text were counted."""

from __future__ import annotations

from typing import Final

SAMPLES: Final = {
    "english": (
        "This folding garden chair is made of oiled oak and weighs less than four kilograms. It comes with a "
        "washable cushion, two spare screws and a small bag for travel. Customers who used it through a wet "
        "autumn say that the wood darkens a little but does not crack. The shop takes it back within thirty days."
    ),
    "german": (
        "Der zusammenklappbare Gartenstuhl besteht aus geöltem Eichenholz und wiegt weniger als vier Kilogramm. "
        "Dazu gehören ein waschbares Kissen, zwei Ersatzschrauben und eine kleine Tragetasche. Wer ihn einen "
        "nassen Herbst lang benutzt hat, berichtet, dass das Holz etwas dunkler wird, aber nicht reißt."
    ),
    "french": (
        "Cette chaise de jardin pliante est en chêne huilé et pèse moins de quatre kilogrammes. Elle est livrée "
        "avec un coussin lavable, deux vis de rechange et un petit sac de voyage. Après un automne pluvieux, le "
        "bois fonce légèrement mais ne se fend pas. Le magasin la reprend pendant trente jours."
    ),
    "spanish": (
        "Esta silla plegable de jardín es de roble aceitado y pesa menos de cuatro kilos. Incluye un cojín "
        "lavable, dos tornillos de repuesto y una bolsa pequeña para viajar. Quienes la usaron durante un otoño "
        "lluvioso dicen que la madera se oscurece un poco, pero no se agrieta."
    ),
    "polish": (
        "Składane krzesło ogrodowe wykonano z olejowanego dębu i waży niecałe cztery kilogramy. W zestawie jest "
        "poduszka, którą można prać, dwie zapasowe śruby i mały pokrowiec na podróż. Po deszczowej jesieni drewno "
        "trochę ciemnieje, ale nie pęka. Sklep przyjmuje zwroty przez trzydzieści dni."
    ),
    "russian": (
        "Складной садовый стул сделан из промасленного дуба и весит меньше четырёх килограммов. В комплект входят "
        "моющаяся подушка, два запасных винта и небольшая сумка для поездок. После дождливой осени дерево немного "
        "темнеет, но не трескается. Магазин принимает возврат в течение тридцати дней."
    ),
    "arabic": (
        "كرسي الحديقة القابل للطي مصنوع من خشب البلوط المدهون بالزيت ويزن أقل من أربعة كيلوغرامات. تأتي معه وسادة "
        "قابلة للغسل وبرغيان احتياطيان وحقيبة صغيرة للسفر. بعد خريف ممطر يصبح لون الخشب أغمق قليلا لكنه لا يتشقق. "
        "يقبل المتجر إرجاعه خلال ثلاثين يوما."
    ),
    "hindi": (
        "यह मुड़ने वाली बगीचे की कुर्सी तेल लगी ओक की लकड़ी से बनी है और इसका वज़न चार किलोग्राम से कम है। इसके साथ धुलने वाला "
        "गद्दा, दो अतिरिक्त पेंच और यात्रा के लिए एक छोटा थैला मिलता है। बरसात के बाद लकड़ी थोड़ी गहरी हो जाती है पर फटती नहीं।"
    ),
    "chinese": (
        "这把折叠花园椅由上过油的橡木制成，重量不到四公斤。随椅附送一个可清洗的坐垫、两颗备用螺丝和一个旅行小袋。用过一个多雨秋天的顾客说，"
        "木头颜色会变深一些，但不会开裂。商店在三十天内接受退货，运费由卖家承担。"
    ),
    "japanese": (
        "この折りたたみ式の庭椅子はオイル仕上げのオーク材でできていて、重さは四キログラム未満です。洗えるクッションと予備のねじ二本、"
        "旅行用の小さな袋が付いています。雨の多い秋に使った人によると、木は少し色が濃くなりますが、割れることはありません。"
    ),
    "korean": (
        "이 접이식 정원 의자는 기름을 먹인 참나무로 만들었고 무게는 사 킬로그램이 되지 않습니다. 빨 수 있는 방석과 여분의 나사 두 개, "
        "여행용 작은 주머니가 함께 들어 있습니다. 비가 많은 가을을 지나면 나무 색이 조금 짙어지지만 갈라지지는 않습니다."
    ),
    "code": (
        "def moving_average(values, width):\n"
        '    """Mean of each window of the given width."""\n'
        "    if width < 1 or width > len(values):\n"
        "        raise ValueError(f'width must be between 1 and {len(values)}')\n"
        "    total = sum(values[:width])\n"
        "    result = [total / width]\n"
        "    for index in range(width, len(values)):\n"
        "        total += values[index] - values[index - width]\n"
        "        result.append(total / width)\n"
        "    return result\n"
    ),
    "json": (
        '{"order": {"id": 48213, "placed": "2026-03-14T09:26:53Z", "customer": {"name": "Ada Brook", "city": '
        '"Leeds"}, "lines": [{"sku": "CH-0417", "title": "Folding garden chair", "quantity": 2, "unit_price": '
        '74.50}, {"sku": "CU-0032", "title": "Cushion", "quantity": 2, "unit_price": 12.00}], "paid": true, '
        '"notes": null}}'
    ),
}
